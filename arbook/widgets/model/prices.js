// What a team's gain costs: the twin of arbook/agents/prices.py.
import { CERTAIN, normalCdf, normalPdf } from "./normal.js";
import { NODES } from "./quadrature.js";
import { spreadOfDurations } from "./unhurried.js";
import { speedUp } from "./worth.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Mean of the longest of k lognormal durations of mean 1.
 * @type {(k: number, variation?: number) => number}
 */
export function expectedLongest(k, variation = 0) {
  const b = spreadOfDurations(variation), high = CERTAIN + b + Math.sqrt(2 * Math.log(k));
  if (!b) return 1;
  let sum = 0;
  for (let low = -CERTAIN; low < high; low++) {
    for (const [x, weight] of NODES) {
      const u = low + (1 + x) / 2;
      sum += (weight / 2) * Math.exp(b * u - (b * b) / 2) * k * normalPdf(u) * normalCdf(u) ** (k - 1);
    }
  }
  return sum;
}

/**
 * What a gain costs relative to one agent's price, where k agents take `lasts` for what one takes 1, and gain `times`
 * as much.
 * @type {(k: number, waiting: number, lasts: number, times: number) => number}
 */
export function priceOfGain(k, waiting, lasts, times) {
  return (k + waiting * lasts) / (1 + waiting) / times;
}

/**
 * What a gain costs by rounds of k agents relative to one agent's price, when waiting costs `waiting` experiments.
 * @type {(p: Parameters, k: number, waiting: number,
 *   team?: { correlation?: number, variation?: number, t?: number }) => number}
 */
export function relativePrice(p, k, waiting, { correlation = 0, variation = 0, t = 0 } = {}) {
  return priceOfGain(k, waiting, expectedLongest(k, variation), speedUp(p, k, t, correlation).perRound);
}
