// Runs under conditions: the twin of arbook/programs/conditions.py.
import { bias, stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Probability of a crash that grows with boldness, 1 - exp(-sigma / kappa).
 * @type {(sigma: number, kappa: number) => number}
 */
export function crashProbability(sigma, kappa) {
  return -Math.expm1(-sigma / kappa);
}

/**
 * What simulated runs have gained after experiments 1 ... n, rows of n values: min(room, sum of
 * improvements), where experiment t crashes, and improves nothing, if its uniform in `u` lies below
 * 1 - exp(-sigma_t / kappa). `z` and `u` hold a row of at least n for each run, `stride` apart;
 * `out` takes the rows, and `areas` the gain area of each run.
 * @type {(p: Parameters, n: number, z: ArrayLike<number>, u: ArrayLike<number>, nRuns: number, stride: number,
 *   under: { kappa: number, room: number }, out?: Float64Array, areas?: Float64Array) => Float64Array}
 */
export function simulateConditions(
  p, n, z, u, nRuns, stride, { kappa, room }, out = new Float64Array(nRuns * n), areas = new Float64Array(nRuns),
) {
  const steps = new Float64Array(n), means = new Float64Array(n), crash = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    steps[t] = stepSize(p, t);
    means[t] = bias(p, t);
    crash[t] = crashProbability(steps[t], kappa);
  }
  for (let run = 0, o = 0; run < nRuns; run++) {
    let area = 0;
    for (let t = 0, i = run * stride, total = 0; t < n; t++, i++, o++) {
      // no branch, not even that of Math.min, since no processor foresees those of chance: x - |x| is 0 or 2 x
      const change = means[t] + steps[t] * z[i];
      total -= ((change - Math.abs(change)) / 2) * Number(u[i] >= crash[t]);
      area += out[o] = Math.min(room, total);
    }
    areas[run] = area;
  }
  return out;
}
