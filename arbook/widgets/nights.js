// Nights on the surrogate of the real task, for given controls: what the logs say, and what is true.
import { normals } from "./model/draws.js";
import { margin } from "./model/keep_rules.js";
import { Fate, night } from "./model/loop.js";
import { decay } from "./model/searching.js";
import { surrogate } from "./model/surrogate.js";
import { formatNumber, latest, plural, range } from "./numbers.js";

/**
 * The function of nights: `nights` of them, of n experiments each, and their means.
 * @param {{ model: Parameters<typeof surrogate>[0], start: number[], noise: number, most: number }} task
 */
export function makeNights({ model, start, noise, most }) {
  const task = latest(() => surrogate(model)), d = start.length;
  const steps = latest((seed, nights) => normals(seed, nights, most * d));
  const luck = latest((seed, nights) => normals(seed, nights, most + 1, 1));
  return latest((nights, seed, n, step, gamma, rule) => {
    const truth = task(), z = steps(seed, nights), eta = luck(seed, nights), keepRule = margin(rule * noise);
    const all = range(nights).map((i) => night(
      truth, start, decay(step, gamma), keepRule, noise, n,
      z.subarray(i * most * d), eta.subarray(i * (most + 1)),
    ));
    /** @type {(name: "trueMetric" | "logged") => number[]} */
    const mean = (name) => range(n + 1).map((t) => all.reduce((sum, found) => sum + found[name][t], 0) / nights);
    const lowest = Math.min(...all.flatMap(({ trueMetric, logged }) => [trueMetric[n], logged[n]]));
    const y = [lowest - 0.001, all[0].trueMetric[0] + 0.004]; // what a picture shows
    return { all, y, mean: { true: mean("trueMetric"), logged: mean("logged") } };
  });
}

/** Draw the experiments of a night by their fate, those above `top` aside. */
export function drawExperiments(chart, { measured, fate }, top) {
  const ts = range(fate.length).map((i) => i + 1), of = (wanted) => ts.filter((t) => fate[t - 1] === wanted);
  const dots = (name, wanted, className, size) => {
    const some = of(wanted).filter((t) => measured[t - 1] <= top);
    chart.dots(name, some, some.map((t) => measured[t - 1]), className, size);
  };
  dots("discarded", Fate.DISCARD, "arbook-dot arbook-hollow", 2.5);
  dots("kept", Fate.KEEP, "arbook-dot arbook-first", 4);
  chart.crosses("crashed", of(Fate.CRASH), "arbook-line arbook-fourth", 10);
}

/** Draw a night of known truth: its experiments, and both frontiers. */
export function drawNight(chart, night, top) {
  const xs = range(night.logged.length);
  drawExperiments(chart, night, top);
  chart.line("logged", xs, night.logged, "arbook-line arbook-second arbook-dashed", { step: true });
  chart.line("true", xs, night.trueMetric, "arbook-line arbook-first", { step: true });
}

/** Draw the truth of many nights as thin lines. */
export function drawNights(chart, all) {
  const size = all[0].trueMetric.length, rows = new Float64Array(all.length * size);
  all.forEach(({ trueMetric }, i) => { rows.set(trueMetric, i * size); });
  chart.lines("nights", range(size), rows, "arbook-line arbook-many");
}

/** A night in words. */
export function saidOfNight({ fate, logged, trueMetric }) {
  const counted = (wanted) => fate.filter((f) => f === wanted).length, n = fate.length;
  return `This night kept ${counted(Fate.KEEP)} of ${plural(n, "experiment")}, and ${counted(Fate.CRASH)} crashed. `
    + `From ${formatNumber(trueMetric[0], 5)} its log came to ${formatNumber(logged[n], 5)}, and the truth to `
    + `${formatNumber(trueMetric[n], 5)}.`;
}
