// Nights on the surrogate of the real task, for given controls: what the logs say, and what is true.
import { normals } from "./model/draws.js";
import { margin } from "./model/keep_rules.js";
import { Fate, night } from "./model/loop.js";
import { decay } from "./model/searching.js";
import { surrogate } from "./model/surrogate.js";
import { formatNumber, latest, plural, range } from "./numbers.js";

const SLICE = 12, REST = 150; // milliseconds of work in a frame, and of rest before it begins

/** @typedef {{ model: Parameters<typeof surrogate>[0], start: number[], noise: number, most: number }} Task */

/**
 * The function of some nights, from the i-th on, of n experiments each.
 * @param {Task} task
 */
function makeSome({ model, start, noise, most }) {
  const ready = latest(() => surrogate(model)), d = start.length;
  const steps = latest((seed, nights, i) => normals(seed, nights, most * d, 0, i));
  const luck = latest((seed, nights, i) => normals(seed, nights, most + 1, 1, i));
  /** @type {(i: number, nights: number, ...how: number[]) => ReturnType<typeof night>[]} */
  return (i, nights, seed, n, step, gamma, rule) => {
    const truth = ready(), z = steps(seed, nights, i), eta = luck(seed, nights, i), keepRule = margin(rule * noise);
    return range(nights).map((row) => night(
      truth, start, decay(step, gamma), keepRule, noise, n,
      z.subarray(row * most * d), eta.subarray(row * (most + 1)),
    ));
  };
}

/**
 * The function of nights: `nights` of them, of n experiments each, and their means.
 * @param {Task} task
 */
export function makeNights(task) {
  const some = makeSome(task);
  return latest((nights, seed, n, step, gamma, rule) => {
    const all = some(0, nights, seed, n, step, gamma, rule);
    /** @type {(name: "trueMetric" | "logged") => number[]} */
    const mean = (name) => range(n + 1).map((t) => all.reduce((sum, found) => sum + found[name][t], 0) / nights);
    const lowest = Math.min(...all.flatMap(({ trueMetric, logged }) => [trueMetric[n], logged[n]]));
    const y = [lowest - 0.001, all[0].trueMetric[0] + 0.004]; // what a picture shows
    return { all, y, mean: { true: mean("trueMetric"), logged: mean("logged") } };
  });
}

/**
 * Nights that are too many for one frame: made a slice at a time, of which the first are those of `makeNights`. Where
 * asked for, the true metrics below which so many shares of them lie after each experiment, a row for each share; or
 * nothing, and `made` is called when they are there.
 * @param {Task} task
 * @param {{ nights: number, shares: number[], made: () => void, signal: AbortSignal }} how
 * @returns {(...controls: number[]) => Float64Array[] | undefined}
 */
export function makeCrowd(task, { nights, shares, made, signal }) {
  const some = makeSome(task);
  let asked = "", rows = /** @type {Float64Array[] | undefined} */ (undefined);
  /** @type {(key: string, controls: number[]) => Promise<void>} */
  const gather = async (key, controls) => {
    const size = controls[1] + 1, columns = range(size).map(() => new Float64Array(nights));
    let until = 0;
    for (let i = 0; i < nights; i++) {
      if (performance.now() > until) { // let others work, longest before the first: controls may still move
        await new Promise((resolve) => { setTimeout(resolve, i ? 0 : REST); });
        if (asked !== key || signal.aborted) return;
        until = performance.now() + SLICE;
      }
      const [{ trueMetric }] = some(i, 1, ...controls);
      for (let t = 0; t < size; t++) columns[t][i] = trueMetric[t];
    }
    rows = shares.map(() => new Float64Array(size));
    for (const [t, column] of columns.entries()) {
      column.sort();
      for (const [k, share] of shares.entries()) rows[k][t] = column[Math.round(share * (nights - 1))];
    }
    made();
  };
  return (...controls) => {
    const key = controls.join();
    if (key !== asked) { [asked, rows] = [key, undefined]; void gather(key, controls); }
    return rows;
  };
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
