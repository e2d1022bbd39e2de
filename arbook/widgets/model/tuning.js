// The best parameters: the twin of arbook/programs/tuning.py.
import { positivePart } from "./normal.js";

/** @import { Parameters } from "./parameters.js" */

/** @typedef {number | ((sigma0: number, gamma: number) => number)} Bias mu, or how it depends on the program */

/**
 * A price of boldness, mu = c sigma0^2, as a function of sigma0.
 * @type {(c: number) => (sigma0: number) => number}
 */
export function boldnessCost(c) {
  return (sigma0) => c * sigma0 * sigma0;
}

/**
 * E[A_n] for every sigma0 (rows) and gamma (columns); `bias` is mu, or a function of (sigma0, gamma).
 * @type {(sigma0s: number[], gammas: number[], n: number, bias?: Bias) => number[][]}
 */
export function gainAreaMap(sigma0s, gammas, n, bias = 0) {
  return sigma0s.map((sigma0) => gammas.map((gamma) => {
    const mu = typeof bias === "function" ? bias(sigma0, gamma) : bias;
    let sigma = sigma0, sum = 0; // a running product: the same steps without a logarithm for each
    for (let t = 0; t < n; t++, sigma *= gamma) {
      if (mu > 39 * sigma && gamma < 1) break; // from here on nothing is kept: phi underflows
      sum += (n - t) * positivePart(-mu, sigma);
    }
    return sum;
  }));
}

/**
 * The sigma0 and gamma of largest E[A_n] in a box { sigma0: [low, high], gamma: [low, high] }, as
 * { p, area, atBound }. As E[A_n] grows with gamma whatever the bias, only sigma0 is searched,
 * on a grid and then by golden sections; the bias must not depend on gamma.
 * @type {(box: { sigma0: number[], gamma: number[] }, n: number, bias?: Bias) =>
 *   { p: Parameters, area: number, atBound: string[] }}
 */
export function bestParameters(box, n, bias = 0) {
  const [low, high] = box.sigma0.map(Math.log), gamma = box.gamma[1], points = 17;
  const [least, largest] = box.sigma0;
  const at = (/** @type {number} */ u) => Math.min(Math.max(Math.exp(low + u * (high - low)), least), largest);
  const area = (/** @type {number} */ u) => gainAreaMap([at(u)], [gamma], n, bias)[0][0];
  const grid = Array.from({ length: points }, (_, i) => area(i / (points - 1)));
  const top = grid.indexOf(Math.max(...grid)), golden = (Math.sqrt(5) - 1) / 2;
  let a = Math.max(0, top - 1) / (points - 1), b = Math.min(points - 1, top + 1) / (points - 1);
  let left = b - golden * (b - a), right = a + golden * (b - a), areaLeft = area(left), areaRight = area(right);
  while (b - a > 1e-7) {
    if (areaLeft < areaRight) {
      a = left; left = right; areaLeft = areaRight; right = a + golden * (b - a); areaRight = area(right);
    } else {
      b = right; right = left; areaRight = areaLeft; left = b - golden * (b - a); areaLeft = area(left);
    }
  }
  let u = (a + b) / 2;
  for (const end of [0, 1]) if (Math.abs(u - end) < 1e-6 && area(end) >= area(u)) u = end;
  const sigma0 = at(u), mu = typeof bias === "function" ? bias(sigma0, gamma) : bias;
  return { p: { sigma0, gamma, mu }, area: area(u), atBound: u === 0 || u === 1 ? ["sigma0", "gamma"] : ["gamma"] };
}
