// The update rule, one experiment at a time: guess, measure, keep or discard.
import { normals, uniforms } from "./model/draws.js";
import { autoresearch, keep } from "./model/rule.js";
import { expectedFrontier, frontierStd } from "./model/totals.js";
import { formatNumber, latest, perCent, range } from "./numbers.js";
import { makeBench } from "./bench.js";
import { dropIn } from "./falling.js";
import { explorer } from "./panel.js";

const TOLD = 20; // experiments of a still, if it is not told how many

export default explorer((panel) => {
  const { n, f0 } = panel.data, bench = makeBench(panel);
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric, bits per byte" });
  chart.layers("below", "above", "stems", "incumbent", "discarded", "kept", "crashed", "latest");
  panel.legend([
    ["arbook-line arbook-ink", "incumbent"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-fourth arbook-cross", "crashed"],
  ]);
  let shown = 0;

  // the run, the reader's guesses in it, and how far it was seen
  const runs = latest((seed, sigma0, gamma, mu, crashRate, digits) => {
    const z = normals(seed, 1, n), u = uniforms(seed, 1, n, 1);
    const log = autoresearch({ sigma0, gamma, mu }, n, z, u, { crashRate, digits, f0 });
    return { log, guesses: new Map(), seen: 0 };
  });
  function runOf({ seed, sigma0, gamma, mu, crash, digits, t }) {
    const run = runs(seed, sigma0, gamma, mu, crash, digits);
    run.seen = Math.max(run.seen, t);
    return run;
  }
  const step = () => panel.set({ t: Math.min(n, panel.state().t + 1) });
  panel.whenTold(() => panel.set({ t: panel.state().t || TOLD }));
  panel.time({ name: "t", last: () => n, seconds: 0.8 * n });
  bench.connect({
    guess(saysKeep) {
      const state = panel.state(), { log, guesses, seen } = runOf(state), t = state.t;
      if (t === n) return;
      if (t === seen && !Number.isNaN(log.value[t + 1])) { // the answer was not on the page yet
        guesses.set(t, saysKeep);
        panel.score(saysKeep === log.kept[t + 1]);
      }
      step();
    },
  });

  return (state) => {
    const { log, guesses } = runOf(state), { t, digits, veiled } = state, { value, kept, frontier } = log;
    const metric = (v) => formatNumber(v, digits), next = t < n ? t + 1 : null;

    // the comparison; first of all the one that the question asks about
    const tie = veiled || (t === 0 && state.told);
    const decided = { variant: t > 0 ? value[t] : undefined, best: t > 0 ? frontier[t - 1] : f0 };
    const last = tie ? { variant: f0, best: f0 } : decided;
    bench.show({ ...last, metric, open: veiled, next, n, saidKeep: guesses.get(t - 1) });

    // the frame holds what the model leads one to expect, and what was measured so far
    const measured = value.slice(0, t + 1).filter((v) => !Number.isNaN(v));
    const low = Math.min(expectedFrontier(state, n, f0) - 2 * frontierStd(state, n), ...measured);
    const high = Math.max(f0 + 2.2 * state.sigma0 + Math.max(state.mu, 0), ...measured), room = (high - low) * 0.07;
    chart.frame({ x: [0, n + 1], y: [low - 2 * room, high + room], xTicks: [0, 5, 10, 15, 20, 25, 30] });
    drawNext(chart, next, n, frontier[t], [low - 2 * room, high + room]);
    chart.hide("tie");
    if (tie && !veiled) {
      chart.dots("tie", [1], [f0], "arbook-dot arbook-hollow", 6.5);
      chart.text("unknown", 1, f0, "a tie: discard", "arbook-label arbook-mark", { dx: 14, dy: -8 });
    }

    const rows = range(t + 1), crashed = (i) => Number.isNaN(value[i]);
    const keeps = rows.filter((i) => kept[i]), discards = rows.filter((i) => !kept[i] && !crashed(i));
    const at = (some) => some.map((i) => value[i]);
    const stem = (i) => `M${chart.x(i)},${chart.y(frontier[i])}V${chart.y(value[i])}`;
    chart.path("stems", discards.map(stem).join(""), "arbook-line arbook-many");
    const held = [...frontier.slice(0, t + 1), frontier[t]];
    chart.line("incumbent", [...rows, next || n], held, "arbook-line arbook-ink", { step: true });
    chart.dots("discarded", discards, at(discards), "arbook-dot arbook-hollow", 4);
    chart.dots("kept", keeps, at(keeps), "arbook-dot arbook-first", 4.5);
    chart.crosses("crashed", rows.filter(crashed), "arbook-line arbook-fourth", 12);
    if (t > 0 && !crashed(t)) {
      const className = kept[t] ? "arbook-dot arbook-first" : "arbook-dot arbook-hollow";
      chart.dots("latest", [t], [value[t]], className, 6.5);
      const fall = chart.y(frontier[t - 1]) - chart.y(value[t]);
      if (t === shown + 1) dropIn(chart.part("latest", "path", className), fall);
    } else chart.hide("latest");
    shown = t;

    const question = `The incumbent measures ${metric(f0)}, and so does the variant. `
      + "Commit to an answer, or press Just show me.";
    return { sentence: veiled ? question : saidOfRun(log, state, n, metric, guesses), truth: keep(f0, f0) ? 0 : 1 };
  };
});

// Where the next variant will land: below the incumbent it is kept.
function drawNext(chart, next, n, best, [bottom, top]) {
  if (next === null) return chart.hide("below", "above", "keep here", "discard here", "unknown");
  const sides = [next - 0.45, next + 0.45], flip = next > n - 5 ? -1 : 1;
  const beside = { anchor: flip > 0 ? "start" : "end", dx: flip * 0.75 * (chart.x(1) - chart.x(0)) };
  chart.band("below", sides, [bottom, bottom], [best, best], "arbook-band arbook-first");
  chart.band("above", sides, [best, best], [top, top], "arbook-band arbook-many");
  chart.text("keep here", next, bottom, "keep", "arbook-label arbook-first", { ...beside, dy: -10 });
  chart.text("discard here", next, top, "discard", "arbook-label arbook-soft", { ...beside, dy: 12 });
  chart.text("unknown", next, best, "?", "arbook-label arbook-mark", { anchor: "middle", dy: 6 });
}

function saidOfRun({ value, kept, frontier }, { t, crash, told }, n, metric, guesses) {
  const start = metric(frontier[0]);
  if (t === 0) {
    const tie = told ? `A variant that measures ${start}, exactly the incumbent’s value, is a tie, so DISCARD. ` : "";
    return `${tie}The baseline measures ${start} bits per byte and is the first incumbent. Guess what becomes of `
      + `variant 1 of ${n}, or press Step or Play. On average ${perCent(crash)} of the variants crash.`;
  }
  const before = metric(frontier[t - 1]), now = metric(value[t]);
  const decision = Number.isNaN(value[t])
    ? `crashed: no metric, one experiment spent, the incumbent stays at ${before}.`
    : kept[t] ? `measures ${now}, less than the incumbent’s ${before}: KEEP. It is the new incumbent.`
    : value[t] === frontier[t - 1] ? `measures ${now}, exactly the incumbent’s value: a tie, so DISCARD.`
    : `measures ${now}, more than the incumbent’s ${before}: DISCARD.`;
  const past = range(t).map((i) => i + 1), count = (test) => past.filter(test).length;
  const crashes = count((i) => Number.isNaN(value[i]));
  let words = `Variant ${t} ${decision} Of ${t} so far, ${count((i) => kept[i])} kept and ${crashes} crashed `
    + `(${formatNumber(crash * t, 1)} expected); the incumbent’s metric went from ${start} to ${metric(frontier[t])} `
    + "and never rose.";
  const guessed = [...guesses.keys()].filter((i) => i < t);
  if (guessed.length) {
    const right = guessed.filter((i) => guesses.get(i) === kept[i + 1]).length;
    const discards = guessed.filter((i) => !kept[i + 1]).length;
    words += ` You guessed ${right} of ${guessed.length} right; always saying discard would have got ${discards}.`;
  }
  return words;
}
