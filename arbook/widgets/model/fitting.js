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
