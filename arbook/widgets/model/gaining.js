// How large improvements are: the twin of arbook/runs/gaining.py, for one run.
import { lineAt } from "./keeping.js";
import { cholesky, dot, solve, table } from "./matrices.js";
import { median } from "./places.js";

/** @typedef {{ logSize: number[], u: number[], unit: number }} Gains */
/**
 * @typedef {{ gain_start: number, gain_slope: number, gain_level: number, gain_walk: number, gain_noise: number,
 *   freedom: number, usual_change: number, keep_start: number, keep_slope: number, keep_walk: number }} Population
 */

/**
 * The improvements of a run, in units of its usual change.
 * @type {(delta: number[], improvement: number[], usual: number) => Gains}
 */
export function gainsOf(delta, improvement, usual) {
  const sizes = delta.map(Math.abs).filter((size) => size > 0), unit = sizes.length ? median(sizes) : usual;
  const at = improvement.flatMap((gain, t) => (gain > 0 ? [t] : []));
  return { logSize: at.map((t) => Math.log(improvement[t] / unit)), u: at.map((t) => Math.log1p(t)), unit };
}

/**
 * Of a run's log gains at the places u, given its own: mean and covariance in units of its variance, and the two
 * numbers of that variance's inverse gamma distribution.
 * @type {(past: Gains, u: number[], of: Population) =>
 *   { mean: number[], covariance: import("./matrices.js").Matrix, shape: number, scale: number }}
 */
export function continuedGains({ logSize, u: past }, u, of) {
  const near = (/** @type {number} */ a, /** @type {number} */ b) => {
    return of.gain_level ** 2 + of.gain_walk ** 2 * Math.min(a, b);
  };
  const line = (/** @type {number} */ at) => lineAt(at, of.gain_start, of.gain_slope), m = past.length;
  const seen = table(past, past, near).map((row, i) => row.map((x, j) => x + (i === j ? of.gain_noise ** 2 : 0)));
  const root = cholesky(seen), rest = logSize.map((size, i) => size - line(past[i])), solved = solve(root, rest);
  const cross = table(u, past, near), across = cross.map((row) => solve(root, row));
  return {
    mean: u.map((at, i) => line(at) + dot(cross[i], solved)),
    covariance: u.map((a, i) => u.map((b, j) => near(a, b) - dot(cross[i], across[j]))),
    shape: (of.freedom + m) / 2,
    scale: (of.freedom + dot(rest, solved)) / 2,
  };
}
