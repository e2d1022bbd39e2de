// Noisy measurements: the twin of the package arbook/noise.
import { normalCdf, normalPdf } from "./normal.js";
import { bias, stepSize } from "./parameters.js";
import { keep } from "./rule.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * @typedef {{ noise: number, threshold?: number, repeats?: number, remeasure?: boolean, f0?: number }} NoisyRule
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
 * Runs of `n` experiments whose measurements are noisy: { trueMetric, logged }, rows of n + 1 values.
 * `z` holds standard normals in rows of `stride`: { variant, measured (the baseline's first), fresh }.
 * @type {(p: Parameters, n: number,
 *   z: { variant: ArrayLike<number>, measured: ArrayLike<number>, fresh: ArrayLike<number> },
 *   stride: number, nRuns: number, rule: NoisyRule) => { trueMetric: Float64Array, logged: Float64Array }}
 */
export function simulateNoisy(p, n, z, stride, nRuns, rule) {
  const { noise, threshold = 0, repeats = 1, remeasure = false, f0 = 1 } = rule;
  const nu = noiseOfMean({ noise, repeats });
  const trueMetric = new Float64Array(nRuns * (n + 1)), logged = new Float64Array(nRuns * (n + 1));
  const steps = Float64Array.from({ length: n }, (_, t) => stepSize(p, t));
  const means = Float64Array.from({ length: n }, (_, t) => bias(p, t));
  for (let run = 0, o = 0; run < nRuns; run++, o++) {
    const row = run * stride;
    let f = f0, believed = f0 + nu * z.measured[row];
    trueMetric[o] = f; logged[o] = believed;
    for (let t = 0; t < n; t++) {
      if (remeasure) believed = f + nu * z.fresh[row + t];
      const variant = f + means[t] + steps[t] * z.variant[row + t];
      const measured = variant + nu * z.measured[row + t + 1];
      if (keep(measured, believed - threshold)) { f = variant; believed = measured; }
      trueMetric[++o] = f; logged[o] = believed;
    }
  }
  return { trueMetric, logged };
}
