// Steps and their bias: the twin of arbook/model/parameters.py.

/** @typedef {{ sigma0: number, gamma: number, mu: number, price?: number }} Parameters */

const SMALLEST_STEP = 1e-290;
const LARGEST_STEP = 1e100;

/**
 * Step size sigma_t = sigma0 * gamma^t, kept within [1e-290, 1e100].
 * @type {(p: Parameters, t: number) => number}
 */
export function stepSize(p, t) {
  const exponent = Math.log(p.sigma0) + t * Math.log(p.gamma);
  if (exponent > Math.log(SMALLEST_STEP) && exponent < Math.log(LARGEST_STEP)) return p.sigma0 * p.gamma ** t;
  return Math.exp(Math.min(Math.max(exponent, Math.log(SMALLEST_STEP)), Math.log(LARGEST_STEP)));
}

/**
 * Bias mu_t = mu + c sigma_t^2 of experiment t, where boldness has a price c; what it adds is kept at 1e100 or below.
 * @type {(p: Parameters, t: number) => number}
 */
export function bias(p, t) {
  return p.price ? p.mu + Math.min(p.price * stepSize(p, t) ** 2, LARGEST_STEP) : p.mu;
}

/**
 * The experiment, not a whole number, whose step is `sigma`.
 * @type {(p: Parameters, sigma: number) => number}
 */
export function experimentOfStep(p, sigma) {
  return Math.log(sigma / p.sigma0) / Math.log(p.gamma);
}
