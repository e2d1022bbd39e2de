// Fits of real runs: the twin of arbook/runs/fitting.py, and of changes.py beside it.
import { SQRT_2PI } from "./normal.js";
import { stepSize } from "./parameters.js";
import { median, spread } from "./places.js";

/** @import { Trace } from "./kalman.js" */
/** @import { Parameters } from "./parameters.js" */

const TRIM = 10; // a change so many robust standard deviations above the median is a catastrophe
const TIE = 1e-4; // changes so much smaller than the large ones are ties
const GAMMAS = [0.8, 1.25]; // decay rates that are looked at
const RATIOS = [Math.log(1e-3), Math.log(1e3)]; // logarithms of a noise in first steps that are looked at
const FALL = 1.9207294103; // half the quantile of chi squared that leaves out 5 %
const CLOSE = 2e-3; // how well the ends of an interval are found, as a share

/**
 * Which changes a fit uses: those that were measured, without catastrophes.
 * @type {(delta: number[]) => boolean[]}
 */
export function usedChanges(delta) {
  const sizes = delta.filter(Number.isFinite).map(Math.abs).sort((a, b) => a - b), at = 0.9 * (sizes.length - 1);
  const low = Math.floor(at), large = sizes[low] + (at - low) * (sizes[Math.ceil(at)] - sizes[low]);
  const moved = delta.filter((d) => Math.abs(d) > TIE * large), usual = spread(moved);
  const threshold = usual > 0 ? median(moved) + TRIM * usual : Infinity;
  return delta.map((d) => Number.isFinite(d) && d <= threshold);
}

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
 * The parameters under which the changes are most likely: for a gamma the best mu and sigma0 are sums, so gamma alone
 * is searched for.
 * @type {(ts: ArrayLike<number>, deltas: ArrayLike<number>) => Parameters & { logLikelihood: number }}
 */
export function fitNormal(ts, deltas) {
  const n = deltas.length;
  return likeliest((gamma) => {
    let weights = 0, sum = 0, square = 0;
    const weight = (/** @type {number} */ i) => gamma ** (-2 * ts[i]);
    for (let i = 0; i < n; i++) { weights += weight(i); sum += weight(i) * deltas[i]; }
    const mu = sum / weights;
    for (let i = 0; i < n; i++) square += weight(i) * (deltas[i] - mu) ** 2;
    const p = { sigma0: Math.sqrt(square / n), gamma, mu };
    return { ...p, logLikelihood: logLikelihood(p, ts, deltas) };
  }, GAMMAS, 200);
}

/**
 * The fit of a run whose measurements are noisy, with the noise, and the noises that the log allows: at the ends twice
 * the largest log likelihood has fallen by the quantile of chi squared that leaves out 5 %. A noise is identified where
 * neither none nor nothing but noise is allowed. The package has weak priors besides: it takes another estimate where
 * the likeliest is outside the intervals that they give.
 * @typedef {Parameters & { noise: number, logLikelihood: number }} NoisyFit
 * @type {(trace: Trace) => NoisyFit & { interval: [number, number], identified: boolean }}
 */
export function fitNoisy(trace) {
  const of = (/** @type {number} */ ratio, /** @type {number} */ parts, /** @type {number} */ least, known = NaN) =>
    likeliest((gamma) => given(trace, gamma, ratio, known), GAMMAS, parts, least);
  const found = likeliest((log) => of(Math.exp(log), 30, 1e-7), RATIOS, 30), { noise, logLikelihood: most } = found;
  const isNear = (/** @type {NoisyFit} */ fit) => fit.logLikelihood > most - FALL;
  const allows = (/** @type {number} */ nu) =>
    isNear(likeliest((log) => of(Math.exp(log), 12, 1e-4, nu), RATIOS, 14, 1e-2));
  const end = (/** @type {number} */ inside, /** @type {number} */ outside) => {
    while (Math.abs(Math.log(outside / inside)) > CLOSE) {
      const middle = Math.sqrt(inside * outside);
      if (allows(middle)) inside = middle; else outside = middle;
    }
    return inside;
  };
  let over = 2 * noise;
  while (allows(over)) over *= 2;
  const low = isNear(of(0, 30, 1e-7)) ? 0 : end(noise, Math.exp(RATIOS[0]) * noise);
  const identified = low > 0 && !isNear(of(Math.exp(RATIOS[1]), 30, 1e-7));
  return { ...found, interval: [low, end(noise, over)], identified };
}

/**
 * What is likeliest for a gamma and a noise in first steps, and of a noise that is known or not. Given those, what was
 * measured is mu times a number, and normal about that: mu and sigma0 are sums.
 * @type {(trace: Trace, gamma: number, ratio: number, known: number) => NoisyFit}
 */
function given({ baseline, y, kept, again }, gamma, ratio, known) {
  const nu2 = ratio * ratio;
  let m = 0, slope = 0, v = nu2, n = 0, logs = 0, aa = 0, ab = 0, bb = 0; // the incumbent is m + slope mu
  for (let t = 0, sigma = 1; t < y.length; t++, sigma *= gamma) {
    if (Number.isNaN(y[t])) continue;
    const step = again[t] ? 0 : sigma, drift = again[t] ? 0 : 1;
    const wide = v + step * step, spread = wide + nu2, share = (kept[t] ? wide : v) / spread;
    const a = y[t] - baseline - m, b = drift + slope;
    n++; logs += Math.log(spread); aa += a * a / spread; ab += a * b / spread; bb += b * b / spread;
    m += share * a;
    slope += (kept[t] ? drift : 0) - share * b;
    v = kept[t] ? (wide * nu2) / spread : (v * (spread - v)) / spread;
  }
  const mu = ab / bb, square = Math.max(aa - mu * ab, 0), sigma0 = known > 0 ? known / ratio : Math.sqrt(square / n);
  const off = square / (sigma0 * sigma0);
  const logLikelihood = -n * (Math.log(SQRT_2PI) + Math.log(sigma0)) - (logs + off) / 2;
  return { sigma0, gamma, mu, noise: ratio * sigma0, logLikelihood };
}

/**
 * The likeliest of what `at` says of many values in a range, and of ever closer neighbours of the best.
 * @template {{ logLikelihood: number }} Found
 * @param {(x: number) => Found} at
 * @param {number[]} ends
 * @param {number} parts
 * @returns {Found}
 */
function likeliest(at, [low, high], parts, least = 1e-7) {
  let width = (high - low) / parts, x = low, best = at(low);
  const look = (/** @type {number} */ next) => {
    const found = at(next);
    if (found.logLikelihood > best.logLikelihood) [x, best] = [next, found];
  };
  for (let i = 1; i <= parts; i++) look(low + i * width);
  while (width > least) {
    width /= 2;
    for (const next of [x - width, x + width]) look(Math.min(Math.max(next, low), high));
  }
  return best;
}
