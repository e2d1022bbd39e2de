// Filter and smoother of a run whose true changes are normal: the twin of arbook/noise/kalman.py.
import { normalCdf } from "./normal.js";

/**
 * Measurements and decisions of one run, lower is better: `y` is NaN where there is none, `again` says where the
 * incumbent was measured again.
 * @typedef {{ baseline: number, y: ArrayLike<number>, kept: ArrayLike<boolean>, again: ArrayLike<boolean> }} Trace
 * The incumbent as each experiment found it, and after the last.
 * @typedef {{ mean: Float64Array, std: Float64Array }} Filtered
 * The incumbent of each row, and the true gain of each keep, NaN elsewhere, given the whole log.
 * @typedef {Filtered & { gain: Float64Array, gainStd: Float64Array, better: Float64Array }} Smoothed
 */

/**
 * Mean and variance of the incumbent after a measurement y of a variant.
 * @type {(m: number, v: number, y: number, mu: number, sigma: number, noise: number, kept: boolean) =>
 *   [number, number]}
 */
export function updated(m, v, y, mu, sigma, noise, kept) {
  const nu2 = noise * noise, wide = v + sigma * sigma, spread = wide + nu2, r = y - m - mu;
  if (kept) return [m + mu + (wide / spread) * r, (wide * nu2) / spread];
  return [m + (v / spread) * r, (v * (spread - v)) / spread];
}

/**
 * The law of the incumbent before each experiment.
 * @type {(trace: Trace, mu: ArrayLike<number>, sigma: ArrayLike<number>, noise: number) => Filtered}
 */
export function filtered({ baseline, y, kept, again }, mu, sigma, noise) {
  const n = y.length, mean = new Float64Array(n + 1), std = new Float64Array(n + 1);
  let m = baseline, v = noise * noise;
  mean[0] = m;
  std[0] = noise;
  for (let t = 0; t < n; t++) {
    const [bias, step] = again[t] ? [0, 0] : [mu[t], sigma[t]];
    if (!Number.isNaN(y[t])) [m, v] = updated(m, v, y[t], bias, step, noise, kept[t]);
    mean[t + 1] = m;
    std[t + 1] = Math.sqrt(v);
  }
  return { mean, std };
}

/**
 * The law of the incumbents and of the kept changes given the whole log. Backwards, only a keep adds anything.
 * @type {(trace: Trace, mu: ArrayLike<number>, sigma: ArrayLike<number>, noise: number, past: Filtered) => Smoothed}
 */
export function smoothed({ y, kept }, mu, sigma, noise, past) {
  const n = y.length, nu2 = noise * noise, mean = past.mean.slice(), std = past.std.slice();
  const [gain, gainStd, better] = [0, 1, 2].map(() => new Float64Array(n).fill(NaN));
  let m = mean[n], v = std[n] ** 2;
  for (let t = n - 1; t >= 0; t--) {
    if (kept[t]) {
      const before = past.std[t] ** 2, wide = before + sigma[t] ** 2, spread = wide + nu2;
      const r = y[t] - past.mean[t] - mu[t];
      // both, given everything up to this measurement
      const newV = (wide * nu2) / spread, share = newV > 0 ? (before * nu2) / spread / newV : 0;
      const old = past.mean[t] + (before / spread) * r + share * (m - past.mean[t + 1]);
      const oldV = before * (1 - before / spread) + share * share * (v - newV);
      gain[t] = old - m;
      gainStd[t] = Math.sqrt(Math.max(oldV + v - 2 * share * v, 0));
      const z = gainStd[t] > 0 ? gain[t] / gainStd[t] : 40 * Math.sign(gain[t]);
      better[t] = normalCdf(Math.min(Math.max(z, -40), 40));
      [m, v] = [old, Math.max(oldV, 0)];
    }
    mean[t] = m;
    std[t] = Math.sqrt(v);
  }
  return { mean, std, gain, gainStd, better };
}
