// The update rule on a landscape: the twin of arbook/landscapes/searching.py.
import { keep } from "./rule.js";

/** @typedef {{ start: number, next: (step: number, kept: boolean) => number }} StepRule */

/**
 * The model's rule of steps: start * gamma^t, whatever happens.
 * @type {(start: number, gamma?: number) => StepRule}
 */
export function decay(start, gamma = 1) {
  return { start, next: (step) => step * gamma };
}

/**
 * The 1/5 success rule: bolder after a keep, more careful after a discard.
 * @type {(start: number, factor?: number, rate?: number) => StepRule}
 */
export function successRule(start, factor = 1.5, rate = 0.2) {
  const smaller = factor ** (-rate / (1 - rate));
  return { start, next: (step, kept) => step * (kept ? factor : smaller) };
}

/**
 * One run of the update rule on a landscape: { frontier, step, kept, variants, incumbents }, the last two
 * with d numbers a row. `step` has n + 1 values: the last is the size of the step to come. `z` holds
 * standard normals, d for each experiment.
 * @type {(objective: (x: number[]) => number, start: number[], rule: StepRule, n: number, z: ArrayLike<number>) =>
 *   { frontier: Float64Array, step: Float64Array, kept: boolean[], variants: Float64Array, incumbents: Float64Array }}
 */
export function search(objective, start, rule, n, z) {
  const d = start.length, frontier = new Float64Array(n + 1), step = new Float64Array(n + 1), kept = new Array(n);
  const variants = new Float64Array(n * d), incumbents = new Float64Array((n + 1) * d);
  let x = Array.from(start), variant = Array.from(start), value = objective(x);
  frontier[0] = value; step[0] = rule.start;
  incumbents.set(x);
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < d; i++) variants[t * d + i] = variant[i] = x[i] + step[t] * z[t * d + i];
    const metric = objective(variant);
    kept[t] = keep(metric, value);
    if (kept[t]) { [x, variant] = [variant, x]; value = metric; }
    frontier[t + 1] = value; step[t + 1] = rule.next(step[t], kept[t]);
    for (let i = 0; i < d; i++) incumbents[(t + 1) * d + i] = x[i];
  }
  return { frontier, step, kept, variants, incumbents };
}
