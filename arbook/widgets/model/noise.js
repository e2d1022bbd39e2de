// Noisy measurements: the twin of arbook/noise/decisions.py and of simulation.py beside it.
import { Decision, margin } from "./keep_rules.js";
import { normalCdf, normalPdf } from "./normal.js";
import { bias, stepSize } from "./parameters.js";

/** @import { KeepRule } from "./keep_rules.js" */
/** @import { Parameters } from "./parameters.js" */

/**
 * @typedef {{ noise: number, keepRule?: KeepRule, repeats?: number, remeasure?: boolean, f0?: number }} Measuring
 */

/**
 * What one decision on noisy measurements does on average: { keepProbability, trueGain, loggedGain, curse }.
 * @type {(p: Parameters, t: number, noise: number, threshold?: number) =>
 *   { keepProbability: number, trueGain: number, loggedGain: number, curse: number }}
 */
export function noisyStep(p, t, noise, threshold = 0) {
  const mu = bias(p, t), sigma = stepSize(p, t), spreadOfLog = Math.sqrt(sigma * sigma + 2 * noise * noise);
  const z = (-threshold - mu) / spreadOfLog;
  const prob = normalCdf(z), density = normalPdf(z);
  const trueGain = -mu * prob + ((sigma * sigma) / spreadOfLog) * density;
  const loggedGain = -mu * prob + spreadOfLog * density;
  return { keepProbability: prob, trueGain, loggedGain, curse: loggedGain - trueGain };
}

/**
 * The margin that makes the true gain of one decision largest: max(0, 2 mu_t noise^2 / sigma_t^2).
 * @type {(p: Parameters, t: number, noise: number) => number}
 */
export function bestThreshold(p, t, noise) {
  return Math.max(0, bias(p, t) * 2 * (noise / stepSize(p, t)) ** 2);
}

/**
 * The noise of a variant's logged value: the mean of repeated measurements.
 * @type {(measuring: { noise: number, repeats?: number }) => number}
 */
export function noiseOfMean({ noise, repeats = 1 }) {
  return noise / Math.sqrt(repeats);
}

/**
 * Runs of `n` experiments whose measurements are noisy: { trueMetric, logged, spent }, rows of n + 1 values; what was
 * spent are measurements. `z` holds standard normals in rows of `stride`: { variant, measured (the baseline's first),
 * fresh, again }; the last is for rules that measure a variant twice.
 * @type {(p: Parameters, n: number, z: { variant: ArrayLike<number>, measured: ArrayLike<number>,
 *   fresh?: ArrayLike<number>, again?: ArrayLike<number> }, stride: number, nRuns: number, how: Measuring) =>
 *   { trueMetric: Float64Array, logged: Float64Array, spent: Int32Array }}
 */
export function simulateNoisy(p, n, z, stride, nRuns, how) {
  const { noise, keepRule = margin(), repeats = 1, remeasure = false, f0 = 1 } = how;
  const { fresh = [], again = [] } = z, nu = noiseOfMean({ noise, repeats }), size = nRuns * (n + 1);
  const trueMetric = new Float64Array(size), logged = new Float64Array(size), spent = new Int32Array(size);
  const steps = Float64Array.from({ length: n }, (_, t) => stepSize(p, t));
  const means = Float64Array.from({ length: n }, (_, t) => bias(p, t));
  for (let run = 0, o = 0; run < nRuns; run++, o++) {
    const row = run * stride, judge = keepRule(f0 + nu * z.measured[row]);
    let f = f0, cost = 0;
    trueMetric[o] = f; logged[o] = judge.incumbent;
    for (let t = 0; t < n; t++) {
      if (remeasure) { judge.refresh(f + nu * fresh[row + t]); cost += repeats; }
      const variant = f + means[t] + steps[t] * z.variant[row + t];
      let decided = judge.decide(t, variant + nu * z.measured[row + t + 1]);
      if (decided === Decision.AGAIN) {
        decided = judge.decide(t, variant + nu * again[row + t + 1]);
        cost += repeats;
      }
      if (decided === Decision.KEEP) f = variant;
      cost += repeats;
      trueMetric[++o] = f; logged[o] = judge.incumbent; spent[o] = cost;
    }
  }
  return { trueMetric, logged, spent };
}
