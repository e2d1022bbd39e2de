// Every run of the atlas a dot, linked to the share of its gain; two compared; the reader's own among them.
import { makeDesk } from "./desk.js";
import { pixels } from "./marks.js";
import { continuations } from "./model/continuing.js";
import { median, placeOf } from "./model/places.js";
import { expectedUrnGains } from "./model/urn.js";
import { formatNumber, latest, perCent, plural, range, significant } from "./numbers.js";
import { explorer } from "./panel.js";

const HEIGHTS = [
  { key: "keepRate", words: "keep rate", say: "keep rate" },
  { key: "skill", words: "skill μ/σ", say: "median change, in units of the changes’ spread" },
  { key: "decay", words: "decay of σ", say: "decay of the spread per experiment" },
  { key: "late", words: "gain of the second half", say: "share of the gain in the second half" },
];
const KINDS = ["agents", "hyperparameters only", "random search"];
const MODELS = [["claude", "Claude"], ["gpt codex", "GPT"], ["kimi", "Kimi"]];
const COLOURS = ["arbook-first", "arbook-second", "arbook-third"];
/** @type {((x: number, y: number) => string)[]} */
const SHAPES = [ // a disc, a square, a triangle
  (x, y) => `M${pixels(x - 4)},${pixels(y)}a4,4 0 1,0 8,0a4,4 0 1,0 -8,0`,
  (x, y) => `M${pixels(x - 4)},${pixels(y - 4)}h8v8h-8z`,
  (x, y) => `M${pixels(x - 5)},${pixels(y + 4)}h10l-5,-9z`,
];
const DRAWS = 2000, MOST_AHEAD = 500; // of a forecast
const LONG = 60; // experiments of the runs that the question is about

export default explorer((panel) => {
  const { runs } = panel.data, about = panel.element("p", "arbook-about");
  /** @type {import("./desk.js").OwnLog | undefined} */
  let own;
  const desk = makeDesk(panel, {
    opened(file) { own = file; panel.set({ run: 0 }); panel.redraw(); },
    changed: panel.redraw,
    show: () => panel.set({ run: 0 }),
  });
  const buttons = (label, words, name) => {
    const parent = panel.row("arbook-bar", label);
    return words.map((word, i) => panel.button(word, () => panel.set({ [name]: i }), { parent }));
  };
  const heights = buttons("Height of a dot", HEIGHTS.map(({ words }) => words), "height");
  const kinds = buttons("Who is shown, and in which colours", ["all", ...KINDS], "kind");
  panel.toggle("Colour by model", "agents", { parent: kinds[0].parentElement ?? undefined });
  panel.figure.before(about);
  const map = panel.chart({ xLabel: "usual change, share of the baseline", yLabel: "", left: 50, height: () => 300 });
  const gains = panel.chart({ xLabel: "experiments", yLabel: "share of the gain", left: 46, height: () => 300 });
  map.layers("rest", ...range(4).map((i) => `dots ${i}`), "other", "run");
  gains.layers("law", "average", "other", "run");
  const hold = panel.button("Compare others with it", () => {
    const { run } = panel.state();
    if (run) panel.set({ other: run });
  });
  const late = runs.filter((run) => run.kind === 0 && run.n >= LONG && run.late !== null);
  const mean = late.reduce((sum, run) => sum + run.late, 0) / late.length;
  const average = latest((n) => averageShare(late, n));
  let seen = []; // dots that can be pointed at: { number, x, y }
  map.onPoint((x, y) => {
    const far = (dot) => Math.hypot(map.x(dot.x) - map.x(x), map.y(dot.y) - map.y(y));
    const [nearest] = [...seen].sort((a, b) => far(a) - far(b));
    if (nearest) panel.set({ run: nearest.number });
  });

  return (state) => {
    const mine = state.run === 0 && own ? ownRun(own, panel.data.population) : null,
      chosen = mine ?? runs[state.run - 1];
    const other = runs[state.other - 1], { key, words, say } = HEIGHTS[state.height];
    desk.show(state.run === 0 ? own ?? null : null);
    hold.hidden = state.run === 0;
    heights.forEach((button, i) => { button.setAttribute("aria-pressed", String(i === state.height)); });
    kinds.forEach((button, i) => { button.setAttribute("aria-pressed", String(i === state.kind)); });
    const offs = [0.03, 0.1, 0.23].map((x) => Math.abs(x - mean));
    const truth = offs.indexOf(Math.min(...offs));

    // the map
    const has = (run) => run && run.boldness > 0 && run[key] !== null && Number.isFinite(run[key]);
    const there = runs.filter(has), shown = there.filter((run) => !state.kind || run.kind === state.kind - 1);
    const boldness = [...there, mine].filter(has).map((run) => run.boldness);
    const ups = [...there, mine].filter(has).map((run) => run[key]);
    const low = Math.min(...ups, 0), high = Math.max(...ups), room = 0.05 * (high - low);
    const y = key === "decay" ? [Math.min(...ups) - 0.01, high + 0.01] : [low - (low ? room : 0), high + room];
    map.frame({ x: [0.7 * Math.min(...boldness), 1.4 * Math.max(...boldness)], y,
      xLog: true, xTicks: TICKS(boldness) });
    map.nameY(say);
    seen = shown.map((run) => ({ number: runs.indexOf(run) + 1, x: run.boldness, y: run[key] }));
    const groups = state.agents ? MODELS.map(([, name]) => name) : KINDS;
    const groupOf = (run) => (state.agents
      ? MODELS.findIndex(([starts]) => starts.split(" ").some((start) => run.agent.startsWith(start))) : run.kind);
    for (const i of range(3)) {
      const part = shown.filter((run) => groupOf(run) === i);
      const d = part.map((run) => SHAPES[i](map.x(run.boldness), map.y(run[key]))).join("");
      map.path(`dots ${i}`, d, `arbook-dot ${COLOURS[i]}`);
      if (!part.length) map.hide(`dots ${i}`);
    }
    const rest = shown.filter((run) => groupOf(run) < 0);
    map.dots("rest", rest.map((run) => run.boldness), rest.map((run) => run[key]), "arbook-dot arbook-hollow", 4);
    if (!rest.length) map.hide("rest");
    for (const [name, run, r] of [["other", other, 8], ["run", chosen, 8]]) {
      if (has(run)) drawRing(map, name, run.boldness, run[key], r, name === "run");
      else map.hide(name);
    }
    if (mine && has(mine)) map.text("mine", mine.boldness, mine[key], "yours", "arbook-label", { dx: 11, dy: 4 });
    else map.hide("mine");
    panel.legend([
      ...groups.map((name, i) => [`arbook-dot ${COLOURS[i]}`, name, SHAPES[i](11, 6)]),
      state.agents && ["arbook-dot arbook-hollow", "not named, or another"],
      ["arbook-line arbook-ink", chosen === mine && mine ? "yours" : "the chosen run"],
      other && ["arbook-line arbook-ink arbook-dashed", "the other run"],
      !state.veiled && ["arbook-line arbook-fourth", "law of doublings"],
      state.told && ["arbook-line arbook-first", `average of ${late.length} agents’ runs`],
    ].filter(Boolean));

    // shares of the gain
    const most = Math.max(chosen?.n ?? 0, other?.n ?? 0, 16);
    gains.frame({ x: [1, most + 1], y: [0, 1.02], xLog: true, xTicks: DOUBLES(most) });
    for (const [name, run, look] of [["other", other, "arbook-dashed"], ["run", chosen, ""]]) {
      if (!run) { gains.hide(name); continue; }
      const at = [0, ...run.at, run.n].map((t) => t + 1), share = [0, ...run.share, run.share.at(-1) ?? 0];
      gains.line(name, at, share, `arbook-line arbook-ink ${look}`, { step: true });
    }
    const law = expectedUrnGains(chosen?.n ?? most, state.tail), all = law[law.length - 1];
    if (state.veiled || !chosen) gains.hide("law");
    else gains.line("law", law.map((_, t) => t + 1), law.map((gain) => gain / all), "arbook-line arbook-fourth");

    // the answer: what the second half brings on average
    gains.hide("average", "late", "late lead", "late words");
    if (state.told && chosen) {
      const half = 1 + chosen.n / 2, words = `their second half: ${perCent(mean)}`;
      const share = average(chosen.n);
      gains.line("average", share.map((_, t) => t + 1), share, "arbook-line arbook-first");
      // below the law and the average, from where the words begin on: the run's line is above them
      const from = Math.round(gains.xInverse(gains.x(half) - 70)) - 1, under = Math.min(law[from] / all, share[from]);
      gains.line("late", [half, half], [1 - mean, 1], "arbook-line arbook-first arbook-strong-line");
      gains.line("late lead", [half, half], [under - 0.05, 1 - mean], "arbook-line arbook-rule");
      const place = { anchor: "middle", dx: -20, dy: 30, lines: true };
      gains.text("late words", half, under, words, "arbook-label arbook-first", place);
    }

    // in words
    if (!chosen) {
      about.hidden = true;
      return { sentence: "Open the results.tsv of a run, or drop it here; or choose one of the atlas.", truth };
    }
    about.hidden = false;
    const who = mine ? "read in this page" : `${["an agent", KINDS[1], KINDS[2]][chosen.kind]}`
      + `${chosen.agent ? `, ${chosen.agent}` : ""}; ${chosen.repository}`;
    about.replaceChildren(panel.element("b", "", chosen.name), `: ${who}. Its metric is ${chosen.metric}.`);
    const told = (run) => `${plural(run.n, "experiment")}, kept ${perCent(run.keepRate)}, with a usual change of `
      + `${run.boldness ? `${significant(100 * run.boldness)} % of its baseline` : "nothing"}`
      + `${key === "keepRate" || run[key] === null ? ""
        : `, ${words} ${formatNumber(run[key], key === "decay" ? 3 : 2)}`}`;
    let sentence = `${chosen.name} had ${told(chosen)}.`;
    if (other) sentence += ` ${other.name} had ${told(other)}.`;
    if (mine) {
      sentence += ` Nearest in the atlas: ${nearest(runs, mine).map((run) => run.name).join(", ")}. ${mine.next()}`;
    }
    if (state.veiled) return { sentence, truth };
    const half = all ? 1 - law[(chosen.n + 1) >> 1] / all : 0;
    const got = chosen.late === null ? "It gained nothing"
      : `Its second half brought ${perCent(chosen.late)} of the gain`;
    sentence += ` ${got}, where the law expects ${perCent(half)} at ξ = ${formatNumber(state.tail, 2)}.`;
    if (state.told) sentence += ` Over ${late.length} runs of agents it was ${perCent(mean)} on average.`;
    return { sentence, truth };
  };
});

/** The mean over runs of their shares of the gain, as if each had n experiments. */
function averageShare(runs, n) {
  const twice = (m) => 2 * ((m + 1) >> 1); // so that halves are halves
  return range(n + 1).map((t) => {
    const at = (run) => Math.min(Math.ceil((t * twice(run.n)) / twice(n)), run.n);
    const share = (run) => run.share[run.at.findLastIndex((first) => first <= at(run))] ?? 0;
    return runs.reduce((sum, run) => sum + share(run), 0) / runs.length;
  });
}

/** Ticks at powers of ten. */
const TICKS = (values) => {
  const from = Math.ceil(Math.log10(0.7 * Math.min(...values)));
  const to = Math.floor(Math.log10(1.4 * Math.max(...values)));
  return range(to - from + 1).map((i) => Number((10 ** (from + i)).toPrecision(1)));
};

/** Experiments 1, 4, 16 ... */
const DOUBLES = (most) => range(1 + Math.floor(Math.log(most) / Math.log(4))).map((i) => 4 ** i);

function drawRing(chart, name, x, y, r, strong) {
  const at = chart.x(x) - r, up = chart.y(y), d = `M${at},${up}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`;
  chart.path(name, d, `arbook-line arbook-ink ${strong ? "arbook-strong-line" : "arbook-dashed"}`);
}

/** A run that the reader opened, with the numbers of the others. */
function ownRun(file, population) {
  const log = file.log.segment(file.segment), { frontier, f0, gain } = log, n = log.nExperiments;
  const at = gain > 0 ? range(n + 1).filter((t) => t && frontier[t] !== frontier[t - 1]) : [];
  return {
    name: file.name, metric: log.metric, n, agent: "", at, share: at.map((t) => Math.abs(frontier[t] - f0) / gain),
    ...placeOf(log.delta, frontier, log.keepRate), next: () => forecastOf(log, population),
  };
}

/** What as many experiments again would bring a run of the population that began like this one, in words. */
function forecastOf(log, population) {
  const n = Math.min(log.nExperiments, MOST_AHEAD);
  if (n < 1 || !Number.isFinite(log.value[0]) || Number.isNaN(log.f0)) return "";
  const gains = continuations(log, n, DRAWS, population).gains.sort((a, b) => a - b);
  const [low, middle, high] = [0.1, 0.5, 0.9].map((q) => significant(gains[Math.floor(q * (DRAWS - 1))]));
  const none = gains.filter((gain) => gain === 0).length / DRAWS;
  return `Of runs that began like it, the next ${plural(n, "experiment")} gain ${middle} in the middle, `
    + `${low} to ${high} with 80 %, and nothing with ${perCent(none)}.`;
}

/** The three runs that are most like one: in boldness by factors, keep rate and skill, each in units of its spread. */
function nearest(runs, mine) {
  const traits = [(run) => Math.log(run.boldness), (run) => run.keepRate, (run) => run.skill];
  const known = (run) => traits.every((trait) => Number.isFinite(trait(run)) && run.skill !== null);
  const usable = traits.filter((trait) => Number.isFinite(trait(mine)));
  const others = runs.filter(known), spreads = usable.map((trait) => {
    const values = others.map(trait), middle = median(values);
    return median(values.map((v) => Math.abs(v - middle)));
  });
  const far = (run) => Math.hypot(...usable.map((trait, i) => (trait(run) - trait(mine)) / spreads[i]));
  return others.map((run) => ({ run, off: far(run) })).sort((a, b) => a.off - b.off).slice(0, 3).map(({ run }) => run);
}
