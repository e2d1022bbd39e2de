// Laws of one experiment: the twin of arbook/model/laws.py. `p` is { sigma0, gamma, mu, price }; experiments count
// from 0, so that experiment t has step sigma_t and leads to F(t+1).
import { clippedRatio, normalCdf, normalPdf, positivePart, positivePartStd } from "./normal.js";
import { bias, stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Density of the change delta_t at x.
 * @type {(p: Parameters, t: number, x: number) => number}
 */
export function changeDensity(p, t, x) {
  const sigma = stepSize(p, t);
  return normalPdf((x - bias(p, t)) / sigma) / sigma;
}

/**
 * Experiments after which the step is half as large: ln 2 / ln(1 / gamma); never, for gamma >= 1.
 * @type {(gamma: number) => number}
 */
export function halfLife(gamma) {
  return gamma < 1 ? Math.LN2 / -Math.log(gamma) : Infinity;
}

/**
 * The sum of the steps of an endless run: sigma0 / (1 - gamma).
 * @type {(p: Parameters) => number}
 */
export function reach(p) {
  return p.gamma < 1 ? p.sigma0 / (1 - p.gamma) : Infinity;
}

/**
 * a_t = -mu_t / sigma_t: where 0 lies, in deviations from the mean of delta_t.
 * @type {(p: Parameters, t: number) => number}
 */
export function skill(p, t) {
  return clippedRatio(-bias(p, t), stepSize(p, t));
}

/**
 * Pr[KEEP at t] = Phi(a_t).
 * @type {(p: Parameters, t: number) => number}
 */
export function keepProbability(p, t) {
  return normalCdf(skill(p, t));
}

/**
 * E[I_t] = m Phi(a_t) + sigma_t phi(a_t), with m = -mu_t.
 * @type {(p: Parameters, t: number) => number}
 */
export function expectedImprovement(p, t) {
  return positivePart(-bias(p, t), stepSize(p, t));
}

/**
 * Standard deviation of I_t.
 * @type {(p: Parameters, t: number) => number}
 */
export function improvementStd(p, t) {
  return stepSize(p, t) * positivePartStd(skill(p, t));
}
