// A night in the laboratory: the twin of arbook/laboratory/loop.py, and of OnePlusOne in proposers.py.
import { Decision } from "./keep_rules.js";

/** @import { KeepRule } from "./keep_rules.js" */
/** @import { StepRule } from "./searching.js" */

/** What became of an experiment. */
export const Fate = { DISCARD: 0, KEEP: 1, CRASH: 2 };

/**
 * A number folded back into [0, 1] at its ends.
 * @type {(u: number) => number}
 */
export function reflected(u) {
  return 1 - Math.abs(1 - (((u % 2) + 2) % 2));
}

/**
 * One night of n experiments from `start`, a step in every knob each: the true and the logged metric of the incumbent
 * (n + 1 values), and of each experiment the measurement (NaN: it crashed) and its fate. `z` holds standard normals,
 * one a knob for each experiment; `luck` one a measurement, the baseline's first.
 * @type {(truth: (theta: Float64Array) => number, start: number[], rule: StepRule, keepRule: KeepRule, noise: number,
 *   n: number, z: ArrayLike<number>, luck: ArrayLike<number>) =>
 *   { trueMetric: Float64Array, logged: Float64Array, measured: Float64Array, fate: Uint8Array }}
 */
export function night(truth, start, rule, keepRule, noise, n, z, luck) {
  const d = start.length, trueMetric = new Float64Array(n + 1), logged = new Float64Array(n + 1);
  const measured = new Float64Array(n), fate = new Uint8Array(n);
  let best = Float64Array.from(start), theta = Float64Array.from(start), step = rule.start;
  trueMetric[0] = truth(best);
  const judge = keepRule(trueMetric[0] + noise * luck[0]);
  logged[0] = judge.incumbent;
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < d; i++) theta[i] = reflected(best[i] + step * z[t * d + i]);
    const f = truth(theta);
    measured[t] = f + noise * luck[t + 1];
    const kept = judge.decide(t, measured[t]) === Decision.KEEP;
    fate[t] = kept ? Fate.KEEP : Number.isNaN(f) ? Fate.CRASH : Fate.DISCARD;
    if (kept) [best, theta] = [theta, best];
    trueMetric[t + 1] = kept ? f : trueMetric[t];
    logged[t + 1] = judge.incumbent;
    step = rule.next(step, kept);
  }
  return { trueMetric, logged, measured, fate };
}
