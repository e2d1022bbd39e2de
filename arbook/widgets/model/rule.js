// The update rule: the twin of arbook/model/rule.py.
import { bias, stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * The update rule: KEEP exactly when the variant is strictly better. A crash, NaN or infinite, is never kept.
 * @type {(fVariant: number, fBest: number) => boolean}
 */
export function keep(fVariant, fBest) {
  return Number.isFinite(fVariant) && fVariant < fBest;
}

/**
 * One run of the update rule whose metric is read to `digits` decimals: { value, kept, frontier },
 * row 0 the baseline. `z` holds standard normals; experiment t crashes where u[t] < crashRate.
 * @type {(p: Parameters, n: number, z: ArrayLike<number>, u: ArrayLike<number>,
 *   how?: { crashRate?: number, digits?: number, f0?: number }) =>
 *   { value: number[], kept: boolean[], frontier: number[] }}
 */
export function autoresearch(p, n, z, u, { crashRate = 0, digits = 4, f0 = 1 } = {}) {
  const value = [f0], kept = [true], frontier = [f0], scale = 10 ** digits;
  for (let t = 0; t < n; t++) {
    const best = frontier[t], measured = best + bias(p, t) + stepSize(p, t) * z[t];
    const variant = Math.floor(measured * scale + 0.5) / scale;
    value.push(u[t] < crashRate ? NaN : variant);
    kept.push(keep(value[t + 1], best));
    frontier.push(kept[t + 1] ? variant : best);
  }
  return { value, kept, frontier };
}
