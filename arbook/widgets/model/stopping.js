// When to stop a loop that costs money, and what patience gives away: the twin of arbook/model/stopping.py.
import { expectedImprovement, keepProbability } from "./laws.js";

/** @import { Parameters } from "./parameters.js" */

const LAST = 2 ** 52; // the last experiment that is looked at where gains do not end

/**
 * The first experiment that is expected to gain no more than it costs; Infinity where the loop pays for ever.
 * @type {(p: Parameters, cost: number) => number}
 */
export function stoppingTime(p, cost) {
  const pays = (/** @type {number} */ t) => expectedImprovement(p, t) > cost;
  if (-p.mu >= cost || (p.gamma >= 1 && pays(LAST))) return Infinity;
  if (p.gamma >= 1 || !pays(0)) return 0;
  let paying = 0, last = 1;
  while (pays(last)) {
    if (last === LAST) return Infinity;
    [paying, last] = [last, 2 * last];
  }
  while (last - paying > 1) {
    const middle = Math.floor((paying + last) / 2);
    if (pays(middle)) paying = middle; else last = middle;
  }
  return last;
}

/**
 * Probability that no `patience` of the first t experiments failed in a row, for t = 0 ... n.
 * @type {(p: Parameters, n: number, patience: number) => Float64Array}
 */
export function patienceSurvival(p, n, patience) {
  const alive = new Float64Array(n + 1).fill(1), ring = new Float64Array(Math.min(patience, n + 1));
  ring[0] = 1;
  for (let t = 0, youngest = 0; t < n; t++) {
    const keep = keepProbability(p, t), kept = keep * alive[t];
    for (let i = 0; i < ring.length; i++) ring[i] *= 1 - keep;
    youngest = (youngest || ring.length) - 1;
    ring[youngest] = kept;
    alive[t + 1] = ring.reduce((sum, one) => sum + one, 0);
  }
  return alive;
}

/**
 * Expected gain and number of experiments of runs of n experiments that patience may stop before, and how likely
 * they still go at each.
 * @type {(p: Parameters, n: number, patience: number) =>
 *   { gain: number, experiments: number, alive: Float64Array }}
 */
export function withPatience(p, n, patience) {
  const alive = patienceSurvival(p, n, patience);
  let gain = 0, experiments = 0;
  for (let t = 0; t < n; t++) {
    gain += alive[t] * expectedImprovement(p, t);
    experiments += alive[t];
  }
  return { gain, experiments, alive };
}
