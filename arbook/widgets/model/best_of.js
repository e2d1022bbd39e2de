// The best of k variants: the twin of arbook/model/best_of.py.
import { expectedImprovement, skill } from "./laws.js";
import { CERTAIN, normalCdf, positivePart } from "./normal.js";
import { bias, stepSize } from "./parameters.js";
import { NODES } from "./quadrature.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Pr[at least one of k] = 1 - (1 - p)^k for one variant's keep probability.
 * @type {(keepProb: number, k: number) => number}
 */
export function anyKeepProbability(keepProb, k) {
  return 0 - Math.expm1(k * Math.log1p(-keepProb));
}

/**
 * E[improvement of a round of k variants], the integral of 1 - Phi(u)^k over u > -a. With a correlation,
 * its lower end becomes soft: a factor Phi((a + own u) / common) over all u; k may be any real number >= 1.
 * @type {(p: Parameters, t: number, k: number, correlation?: number) => number}
 */
export function expectedBestImprovement(p, t, k, correlation = 0) {
  const sigma = stepSize(p, t), a = skill(p, t), common = Math.sqrt(correlation), own = Math.sqrt(1 - correlation);
  if (own < 1e-9) return expectedImprovement(p, t);
  const turn = -a / own, soft = common / own;
  const low = Math.max(turn - 39 * soft, -CERTAIN); // below -CERTAIN no k variants are that bad
  const top = Math.max(-a * own, correlation ? -CERTAIN : turn, 0); // above `high`, it is nothing
  const high = Math.sqrt(top ** 2 + 90 + 2 * Math.log(k)) + (correlation ? CERTAIN : 0);
  const edges = [low, high];
  for (let u = Math.ceil(low); u < high; u++) edges.push(u);
  for (let d = Math.min(soft, 1); correlation && d < 1; d *= 4) {
    edges.push(...[turn - d, turn, turn + d].filter((u) => u > low && u < high));
  }
  edges.sort((x, y) => x - y);
  let sum = 0;
  for (let i = 1; i < edges.length; i++) {
    const half = (edges[i] - edges[i - 1]) / 2, centre = edges[i] - half;
    for (const [x, weight] of NODES) {
      const u = centre + half * x, open = correlation ? normalCdf((a + own * u) / common) : 1;
      sum += weight * half * open * anyKeepProbability(normalCdf(-u), k);
    }
  }
  const below = -bias(p, t) + sigma * own * Math.min(low, 0); // the mean of the part that all of them exceed
  return (correlation ? positivePart(below, sigma * common) : Math.max(below, 0)) + sigma * own * sum;
}
