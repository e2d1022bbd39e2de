// Choosing by measured means: the twin of arbook/programs/selection.py.
import { normalCdf, normalPdf } from "./normal.js";
import { NODES } from "./quadrature.js";

/**
 * Probability that the program of largest mean also has the largest average of some normal measurements each.
 * @type {(means: number[], stds: number[], nights?: number) => number}
 */
export function bestWinsProbability(means, stds, nights = 1) {
  const best = means.indexOf(Math.max(...means)), errors = stds.map((std) => std / Math.sqrt(nights));
  let sum = 0;
  for (let i = -9; i < 9; i++) {
    for (const [x, weight] of NODES) {
      const u = i + 0.5 + x / 2, area = means[best] + errors[best] * u;
      let product = (weight / 2) * normalPdf(u);
      means.forEach((mean, j) => { if (j !== best) product *= normalCdf((area - mean) / errors[j]); });
      sum += product;
    }
  }
  return sum;
}

const MOST_RUNS = 2 ** 40; // of programs that are all but equal

/**
 * Fewest runs of each program with which even shares choose the best one with a probability.
 * @type {(means: number[], stds: number[], probability: number) => number}
 */
export function runsNeeded(means, stds, probability) {
  const enough = (/** @type {number} */ n) => bestWinsProbability(means, stds, n) >= probability;
  let high = 1;
  while (high < MOST_RUNS && !enough(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle; else low = middle;
  }
  return high;
}
