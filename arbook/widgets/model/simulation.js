// Simulated runs: the twin of arbook/model/simulation.py.
import { skill } from "./laws.js";
import { NORMAL_95 } from "./normal.js";
import { bias, stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Frontiers of simulated runs: rows of n + 1 values, F(t+1) = F(t) + min(delta_t, 0).
 * `z` holds standard normals, a row of at least n for each run, `stride` apart.
 * @type {(p: Parameters, n: number, z: ArrayLike<number>, nRuns: number, f0?: number, stride?: number) => Float64Array}
 */
export function simulatePaths(p, n, z, nRuns, f0 = 1, stride = n) {
  const out = new Float64Array(nRuns * (n + 1)), steps = new Float64Array(n), means = new Float64Array(n);
  for (let t = 0; t < n; t++) { steps[t] = stepSize(p, t); means[t] = bias(p, t); }
  for (let run = 0, o = 0; run < nRuns; run++, o++) {
    let f = f0;
    out[o] = f0;
    for (let t = 0; t < n; t++) {
      const delta = means[t] + steps[t] * z[run * stride + t];
      if (delta < 0) f += delta;
      out[++o] = f;
    }
  }
  return out;
}

/**
 * Share of simulated runs that keep experiment t, for t = 0 ... n - 1; `z` as for simulatePaths.
 * @type {(p: Parameters, n: number, z: ArrayLike<number>, nRuns: number, stride?: number) => Float64Array}
 */
export function keepFrequencies(p, n, z, nRuns, stride = n) {
  return Float64Array.from({ length: n }, (_, t) => {
    const limit = skill(p, t);
    let keeps = 0;
    for (let run = 0; run < nRuns; run++) if (z[run * stride + t] < limit) keeps++;
    return keeps / nRuns;
  });
}

/**
 * Between which ends such a share lies with 95 %, by the normal law: { low, high }.
 * @type {(prob: number, nRuns: number) => { low: number, high: number }}
 */
export function frequencyBand(prob, nRuns) {
  const half = NORMAL_95 * Math.sqrt((prob * (1 - prob)) / nRuns);
  return { low: Math.max(prob - half, 0), high: Math.min(prob + half, 1) };
}

/**
 * Standard error of the mean of some values.
 * @type {(values: number[]) => number}
 */
export function standardError(values) {
  const n = values.length, mean = values.reduce((a, b) => a + b) / n;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1) / n);
}
