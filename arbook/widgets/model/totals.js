// Laws of n experiments: the twin of arbook/model/totals.py.
import { expectedImprovement, improvementStd, keepProbability, skill } from "./laws.js";
import { normalCdf, SQRT_2PI } from "./normal.js";
import { stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * E[F(n)] for n = 0 ... nMax, as a Float64Array of nMax + 1 values.
 * @type {(p: Parameters, nMax: number, f0?: number) => Float64Array}
 */
export function expectedFrontiers(p, nMax, f0 = 1) {
  const out = new Float64Array(nMax + 1);
  let gain = 0;
  out[0] = f0;
  for (let t = 0; t < nMax; t++) { gain += expectedImprovement(p, t); out[t + 1] = f0 - gain; }
  return out;
}

/**
 * E[F(n)] = f0 - sum of E[I_t] over t < n.
 * @type {(p: Parameters, n: number, f0?: number) => number}
 */
export function expectedFrontier(p, n, f0 = 1) {
  return expectedFrontiers(p, n, f0)[n];
}

/**
 * The root of the sum of (w(t) std[I_t])^2 over t < n, scaled: the square of a tiny step would be 0.
 * @type {(p: Parameters, n: number, weight: (t: number) => number) => number}
 */
function weightedStd(p, n, weight) {
  const scale = Math.max(stepSize(p, 0), stepSize(p, n));
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (weight(t) * (improvementStd(p, t) / scale)) ** 2;
  return scale * Math.sqrt(sum);
}

/**
 * Standard deviation of F(n).
 * @type {(p: Parameters, n: number) => number}
 */
export function frontierStd(p, n) {
  return weightedStd(p, n, () => 1);
}

/**
 * E[A_n] = sum of (n - t) E[I_t] over t < n.
 * @type {(p: Parameters, n: number) => number}
 */
export function expectedGainArea(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (n - t) * expectedImprovement(p, t);
  return sum;
}

/**
 * Standard deviation of A_n.
 * @type {(p: Parameters, n: number) => number}
 */
export function gainAreaStd(p, n) {
  return weightedStd(p, n, (t) => n - t);
}

/**
 * E[A_n] for mu = 0: sigma0 / sqrt(2 pi) * sum of (n - t) gamma^t.
 * @type {(sigma0: number, gamma: number, n: number) => number}
 */
export function symmetricGainArea(sigma0, gamma, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (n - t) * gamma ** t;
  return (sigma0 / SQRT_2PI) * sum;
}

/**
 * Expected number of keeps in n experiments.
 * @type {(p: Parameters, n: number) => number}
 */
export function expectedKeeps(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += keepProbability(p, t);
  return sum;
}

/**
 * Standard deviation of the number of keeps in n experiments.
 * @type {(p: Parameters, n: number) => number}
 */
export function keepsStd(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) { const a = skill(p, t); sum += normalCdf(a) * normalCdf(-a); }
  return Math.sqrt(sum);
}

/**
 * Pr[F(n) = f0]: nothing was kept in n experiments.
 * @type {(p: Parameters, n: number) => number}
 */
export function noKeepProbability(p, n) {
  let log = 0;
  for (let t = 0; t < n; t++) log += Math.log(normalCdf(-skill(p, t)));
  return Math.exp(log);
}
