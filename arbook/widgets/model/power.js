// How many nights tell two programs apart: the twin of arbook/programs/power.py.
import { normalCdf } from "./normal.js";

/**
 * Difference in standard deviations of the difference of a pair of nights.
 * @type {(difference: number, correlation: number) => number}
 */
export const pairEffect = (difference, correlation) => difference / Math.sqrt(2 * (1 - correlation));

/**
 * Probability that the worse of two programs has the better mean of n nights; the difference is in spreads of a night.
 * @type {(difference: number, nights: number, correlation: number) => number}
 */
export function misrankingProbability(difference, nights, correlation) {
  return normalCdf(-pairEffect(difference, correlation) * Math.sqrt(nights));
}
