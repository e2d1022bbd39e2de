// What a log says: frontier and variants, gain area, keep rate by position, five numbers. The log is one that
// comes with the book, or one that the reader opens: it is read here, and goes nowhere.
import { wilsonInterval } from "./model/rates.js";
import { expectedRecords, recordsStd } from "./model/records.js";
import { decimals, formatNumber, perCent, plural, range, significant } from "./numbers.js";
import { makeDesk } from "./desk.js";
import { LETTER, makeNamingGame, makeTiles, showRemarks } from "./log_parts.js";
import { RunLog } from "./reader.js";
import { drawPeaks, unitOf } from "./runs.js";
import { explorer } from "./panel.js";

const MOST_DOTS = 4000;

export default explorer((panel) => {
  const { element } = panel;
  const shipped = panel.data.runs.map((run) => new RunLog({ ...run, value: run.value.map((v) => v ?? NaN) }));
  const random = 1 + panel.data.runs.findIndex((run) => run.searcher.startsWith("random search"));
  const presets = [...panel.figure.parentElement?.querySelectorAll("[data-preset]") ?? []];
  /** @type {import("./desk.js").OwnLog | undefined} */
  let own;
  let named = false, said = 0;

  const desk = makeDesk(panel, {
    opened(file) { own = file; panel.set({ run: 0, part: 100 }); panel.redraw(); },
    changed: panel.redraw,
    show: () => panel.set({ run: 0 }),
  });
  const about = element("p", "arbook-about");
  panel.figure.before(about);
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric", left: 58, height: () => 290 });
  const within = "keep rate, with 95 % intervals";
  const rates = panel.chart({ xLabel: "experiments", yLabel: within, left: 46, height: () => 290 });
  chart.host.classList.add("arbook-wide");
  chart.layers("area", "other", "discarded", "frontier", "kept", "crashed", "off");
  rates.layers("luck", "intervals", "rates");
  panel.legend([
    ["arbook-line arbook-ink", "frontier"],
    ["arbook-band arbook-key-ink", "gain area"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-fourth arbook-cross", "crashed"],
    ["arbook-line arbook-second arbook-dashed", "luck alone"],
  ]);
  const tiles = makeTiles(panel, ["experiments", "kept", "gain", "average gain", "of it in three steps"]);
  const game = makeNamingGame(panel, shipped.length, (run) => {
    if (run) { said = run; panel.score(run === random); }
    named = true;
    presets.forEach((button, i) => { button.textContent = panel.data.runs[i].name; });
    panel.redraw();
  });
  const remarks = element("details", "arbook-remarks");
  panel.figure.append(remarks);

  return (state) => {
    const { veiled } = state, mine = state.run === 0 ? own : null, run = panel.data.runs[state.run - 1], luck = !veiled;
    desk.show(mine ?? null);
    const names = panel.data.runs.map((each) => each.name);
    game.show({ hidden: veiled || state.run === 0, named, said, random, names });
    const offs = [50, 10, 4].map((n) => Math.abs(n - expectedRecords(100))), truth = offs.indexOf(Math.min(...offs));
    const whole = mine ? mine.log.segments[mine.segment] : shipped[state.run - 1];
    for (const part of [tiles.box, about, remarks, chart.host, rates.host]) part.hidden = !whole;
    if (!whole) {
      const words = "Open the results.tsv of a run, or drop it here; "
        + "or choose one of the runs that come with the book.";
      return { sentence: words, truth };
    }

    const n = Math.max(1, Math.floor((whole.nExperiments * state.part) / 100 + 0.5));
    const log = whole.nExperiments ? whole.first(n) : whole;
    const better = `${log.direction === "min" ? "lower" : "higher"} is better`;
    const name = mine ? mine.name : named ? run.name : `Run ${LETTER(state.run)}`;
    const told = mine ? `read in this page; ${better}`
      : named ? run.searcher : `its metric is ${log.metric}, and ${better}`;
    about.replaceChildren(element("b", "", name), `: ${told}.`);
    chart.nameY(log.metric === unitOf(log.metric) ? log.metric : `${log.metric}, ${unitOf(log.metric)}`);

    drawLog(chart, log);
    drawRates(rates, log, state.bins, luck);
    const unit = unitOf(log.metric), largest = log.steps.slice(0, 3);
    tiles.show([
      String(log.outcomes.length),
      log.outcomes.length ? `${log.keeps} (${perCent(log.keepRate)})` : "0",
      significant(log.gain), significant(log.averageGain),
      log.gain > 0 ? perCent(log.shareOfThreeLargest) : "none",
    ]);
    showRemarks(remarks, element, mine ? mine.log.issues : [], largest, log, unit);
    return { sentence: saidOfLog(log, name, largest, luck), truth };
  };
});

function saidOfLog(log, name, largest, luck) {
  const { outcomes, gain, f0 } = log, n = outcomes.length, count = (word) => outcomes.filter((s) => s === word).length;
  if (!n && log.value.length) return `${name} has a baseline and no experiment.`;
  if (!n) return `${name} has a header and no rows: the run never started.`;
  const crashes = count("crash"), discards = count("discard"), other = n - log.keeps - crashes - discards;
  let words = `In ${plural(n, "experiment")} ${name} kept ${log.keeps} (${perCent(log.keepRate)}), `
    + `discarded ${discards}`
    + (crashes ? ` and lost ${plural(crashes, "crash", "crashes")}` : "")
    + `${other ? `; ${other} ${other === 1 ? "has" : "have"} another status` : ""}. `;
  if (Number.isNaN(f0)) return `${words}Nothing was kept with a metric, so it has no frontier.`;
  if (!gain) words += `The frontier stayed at ${significant(f0, 4)}: no gain.`;
  else {
    const digits = decimals(gain), unit = unitOf(log.metric);
    const share = largest.length < 3 ? "all of it" : perCent(log.shareOfThreeLargest);
    words += `The frontier went from ${formatNumber(f0, digits)} to ${formatNumber(log.frontier.at(-1), digits)}, `
      + `a gain of ${significant(gain)}${unit === log.metric ? "" : ` ${unit}`}; the gain area was `
      + `${significant(log.gainArea)}, the average gain ${significant(log.averageGain)}, `
      + `and ${share} came in ${plural(largest.length, "step")}.`;
  }
  const measured = log.delta.filter((d) => !Number.isNaN(d)), better = measured.filter((d) => d < 0).length;
  if (!luck || !measured.length) return words;
  const records = [expectedRecords, recordsStd].map((law) => formatNumber(law(measured.length), 1));
  return `${words} ${better} of ${plural(measured.length, "measured variant")} improved; `
    + `luck alone would bring ${records.join(" ± ")}.`;
}

// Frontier and variants. The frame holds the frontier and nine tenths of the variants; triangles
// stand for the others.
function drawLog(chart, log) {
  const { sign, value, status, frontier } = log, n = log.nExperiments;
  const costs = value.filter((v) => !Number.isNaN(v)).map((v) => sign * v).sort((a, b) => a - b);
  chart.hide("area", "other", "discarded", "frontier", "kept", "crashed", "off", "none");
  if (!costs.length) {
    chart.frame({ x: [0, Math.max(n, 1)], y: [0, 1] });
    return chart.text("none", Math.max(n, 1) / 2, 0.5, "no metric", "arbook-hint", { anchor: "middle" });
  }
  const best = costs[0], nine = costs[Math.floor(0.9 * (costs.length - 1))];
  const top = Math.max(nine, Number.isNaN(log.f0) ? nine : sign * log.f0);
  const room = 0.08 * (top - best) || 0.1 * Math.abs(top) || 1, far = top + room;
  const [low, high] = [sign * (best - 1.5 * room), sign * far].sort((a, b) => a - b);
  chart.frame({ x: [0, Math.max(n, 1)], y: [low, high] });
  const rows = range(value.length), isIn = (i) => sign * value[i] <= far, small = n > 300 ? 2.4 : 3.8;
  const thin = (some) => some.filter((_, i) => i % Math.ceil(some.length / MOST_DOTS) === 0);
  const dots = (name, some, className, r) => chart.dots(name, some, some.map((i) => value[i]), className, r);
  const measured = rows.filter((i) => !Number.isNaN(value[i]));
  dots("discarded", thin(measured.filter((i) => status[i] !== "keep" && isIn(i))), "arbook-dot arbook-hollow", small);
  dots("kept", thin(measured.filter((i) => status[i] === "keep" && isIn(i))), "arbook-dot arbook-first", small + 0.7);
  drawPeaks(chart, "off", thin(measured.filter((i) => !isIn(i))), "arbook-peak arbook-many", { below: sign < 0 });
  chart.crosses("crashed", thin(rows.filter((i) => status[i] === "crash")), "arbook-line arbook-fourth", 9);
  const start = frontier.findIndex((v) => !Number.isNaN(v));
  if (start >= 0) { // only where it turns: a run of ten thousand has few corners
    const turns = (i) => i === start || i === rows.length - 1 || frontier[i] !== frontier[i - 1];
    const corners = rows.slice(start).filter(turns), xs = corners.flatMap((i, k) => (k ? [i, i] : [i]));
    const ys = corners.flatMap((i, k) => (k ? [frontier[corners[k - 1]], frontier[i]] : [frontier[i]]));
    chart.band("area", xs, ys, ys.map(() => log.f0), "arbook-band arbook-key-ink");
    chart.line("frontier", corners, corners.map((i) => frontier[i]), "arbook-line arbook-ink", { step: true });
  }
  return chart;
}

function drawRates(chart, log, bins, luck) {
  const { outcomes } = log, n = outcomes.length;
  const edges = [...new Set(range(bins + 1).map((b) => Math.floor((b * n) / bins + 0.5)))];
  chart.frame({ x: [0, Math.max(n, 1)], y: [0, 1], yTicks: [0, 0.25, 0.5, 0.75, 1], yFormat: (rate) => perCent(rate) });
  let intervals = "";
  const xs = [], ys = [];
  for (let b = 1; b < edges.length; b++) {
    const part = outcomes.slice(edges[b - 1], edges[b]), kept = part.filter((s) => s === "keep").length;
    const { rate, low, high } = wilsonInterval(kept, part.length), x = (edges[b] + edges[b - 1]) / 2;
    intervals += `M${chart.x(x) - 5},${chart.y(low)}h10m-5,0V${chart.y(high)}m-5,0h10`;
    xs.push(x);
    ys.push(rate);
  }
  chart.path("intervals", intervals, "arbook-line arbook-first arbook-thin");
  chart.dots("rates", xs, ys, "arbook-dot arbook-first", 5);
  if (!luck || !n) return chart.hide("luck");
  const few = Math.min(n, 200), at = range(few + 1).map((i) => (i * n) / few);
  return chart.line("luck", at, at.map((t) => 1 / (t + 2)), "arbook-line arbook-second arbook-dashed");
}
