// The best parameters: the twin of arbook/programs/tuning.py.
import { positivePart } from "./normal.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * E[A_n] for every sigma0 (rows) and gamma (columns), with a bias mu and a price of boldness.
 * @type {(sigma0s: number[], gammas: number[], n: number, mu?: number, price?: number) => number[][]}
 */
export function gainAreaMap(sigma0s, gammas, n, mu = 0, price = 0) {
  return sigma0s.map((sigma0) => gammas.map((gamma) => {
    let sigma = sigma0, sum = 0; // a running product: the same steps without a logarithm for each
    for (let t = 0; t < n; t++, sigma *= gamma) {
      if (mu > 39 * sigma && gamma < 1) break; // from here on nothing is kept: phi underflows
      sum += (n - t) * positivePart(-mu - price * sigma * sigma, sigma);
    }
    return sum;
  }));
}

const FIRST_SIDE = 17; // points a side of the first grid
const END_OF_SEARCH = 1e-8; // where the search ends, as a share of the box

/**
 * The sigma0 and gamma of largest E[A_n] in a box { sigma0: [low, high], gamma: [low, high] }, as
 * { p, area, atBound }. A grid, spaced by ratio, and from its best point to the best neighbour at ever smaller
 * distances.
 * @type {(box: { sigma0: number[], gamma: number[] }, n: number, mu?: number, price?: number) =>
 *   { p: Parameters, area: number, atBound: string[] }}
 */
export function bestParameters(box, n, mu = 0, price = 0) {
  const place = (/** @type {number[]} */ [low, high], /** @type {number} */ u) =>
    (u === 1 ? high : Math.min(Math.max(low * (high / low) ** u, low), high));
  const at = (/** @type {number} */ u, /** @type {number} */ v) =>
    ({ u, v, area: gainAreaMap([place(box.sigma0, u)], [place(box.gamma, v)], n, mu, price)[0][0] });
  let half = 1 / (FIRST_SIDE - 1), best = at(1, 1); // the answer where nothing speaks against boldness
  for (let i = 0; i < FIRST_SIDE; i++) {
    for (let j = 0; j < FIRST_SIDE; j++) {
      const point = at(i * half, j * half);
      if (point.area > best.area) best = point;
    }
  }
  while (half > END_OF_SEARCH) {
    const near = (/** @type {number} */ u) =>
      [...new Set([u - half, u, u + half].map((x) => Math.min(Math.max(x, 0), 1)))];
    const points = near(best.u).flatMap((u) => near(best.v).map((v) => at(u, v)));
    const top = points.reduce((a, b) => (b.area > a.area ? b : a));
    if (top.area > best.area) best = top;
    else half /= 2;
  }
  const p = { sigma0: place(box.sigma0, best.u), gamma: place(box.gamma, best.v), mu, price };
  const ends = [["sigma0", best.u], ["gamma", best.v]].filter(([, u]) => u === 0 || u === 1);
  return { p, area: best.area, atBound: ends.map(([name]) => String(name)) };
}
