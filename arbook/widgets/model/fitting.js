// Fits of real runs: the twin of arbook/runs/fitting.py.
import { SQRT_2PI } from "./normal.js";
import { stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Log likelihood of the changes `deltas` of the experiments `ts`: the sum of log[phi(z_t) / sigma_t].
 * @type {(p: Parameters, ts: ArrayLike<number>, deltas: ArrayLike<number>) => number}
 */
export function logLikelihood(p, ts, deltas) {
  let sum = 0;
  for (let i = 0; i < ts.length; i++) {
    const sigma = stepSize(p, ts[i]), z = (deltas[i] - p.mu) / sigma;
    sum -= Math.log(SQRT_2PI) + Math.log(sigma) + (z * z) / 2;
  }
  return sum;
}

/**
 * The parameters under which the changes are most likely, of all with gamma in `range`: for a gamma the best mu and
 * sigma0 are sums, so gamma alone is searched for.
 * @type {(ts: ArrayLike<number>, deltas: ArrayLike<number>, range?: number[]) =>
 *   Parameters & { logLikelihood: number }}
 */
export function fitNormal(ts, deltas, [low, high] = [0.8, 1.25]) {
  const n = deltas.length;
  const at = (/** @type {number} */ gamma) => {
    let weights = 0, sum = 0, square = 0;
    const weight = (/** @type {number} */ i) => gamma ** (-2 * ts[i]);
    for (let i = 0; i < n; i++) { weights += weight(i); sum += weight(i) * deltas[i]; }
    const mu = sum / weights;
    for (let i = 0; i < n; i++) square += weight(i) * (deltas[i] - mu) ** 2;
    const p = { sigma0: Math.sqrt(square / n), gamma, mu };
    return { ...p, logLikelihood: logLikelihood(p, ts, deltas) };
  };
  let width = (high - low) / 200, best = at(low);
  for (let i = 1; i <= 200; i++) {
    const found = at(low + i * width);
    if (found.logLikelihood > best.logLikelihood) best = found;
  }
  while (width > 1e-7) { // the best of a grid, and ever closer neighbours of it
    width /= 2;
    for (const gamma of [best.gamma - width, best.gamma + width]) {
      const found = at(Math.min(Math.max(gamma, low), high));
      if (found.logLikelihood > best.logLikelihood) best = found;
    }
  }
  return best;
}
