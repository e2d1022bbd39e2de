// Agents that do not wait: the twin of arbook/agents/unhurried.py.
import { bias, stepSize } from "./parameters.js";
import { keep } from "./rule.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Deviation of the logarithm of a lognormal duration with this coefficient of variation.
 * @type {(variation: number) => number}
 */
export function spreadOfDurations(variation) {
  return Math.sqrt(Math.log1p(variation * variation));
}

/**
 * One run of k agents that do not wait: { frontier, time }, n + 1 values each. Experiment j, in order of start,
 * has the standard normal z[j]. Its duration is lognormal, from u[j]; without variation it is 1, and starts are
 * staggered.
 * @type {(p: Parameters, n: number, k: number, z: ArrayLike<number>,
 *   how?: { variation?: number, u?: ArrayLike<number>, f0?: number }) =>
 *   { frontier: Float64Array, time: Float64Array }}
 */
export function simulateAsync(p, n, k, z, { variation = 0, u = z, f0 = 1 } = {}) {
  const b = spreadOfDurations(variation), team = Math.min(k, n);
  const frontier = new Float64Array(n + 1), time = new Float64Array(n + 1);
  /** @type {number[]} */
  const end = [];
  /** @type {number[]} */
  const variant = [];
  let f = f0;
  /** @type {(agent: number, j: number, now: number) => void} */
  const begin = (agent, j, now) => {
    variant[agent] = f + bias(p, j) + stepSize(p, j) * z[j];
    end[agent] = now + (b ? Math.exp(b * u[j] - (b * b) / 2) : 1);
  };
  for (let agent = 0; agent < team; agent++) begin(agent, agent, b ? 0 : agent / k);
  frontier[0] = f0;
  for (let j = 0; j < n; j++) {
    let agent = 0;
    for (let other = 1; other < team; other++) if (end[other] < end[agent]) agent = other;
    const now = end[agent];
    if (keep(variant[agent], f)) f = variant[agent];
    frontier[j + 1] = f; time[j + 1] = now;
    if (j + team < n) begin(agent, j + team, now); else end[agent] = Infinity;
  }
  return { frontier, time };
}
