// What a team is worth: the twin of arbook/agents/worth.py.
import { expectedBestImprovement } from "./best_of.js";
import { expectedImprovement } from "./laws.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * What k agents gain in round t over one agent: { perRound, perExperiment }.
 * @type {(p: Parameters, k: number, t?: number, correlation?: number) => { perRound: number, perExperiment: number }}
 */
export function speedUp(p, k, t = 0, correlation = 0) {
  const one = expectedImprovement(p, t), limit = correlation < 1 ? k : 1;
  const perRound = one > 1e-300 ? expectedBestImprovement(p, t, k, correlation) / one : limit;
  return { perRound, perExperiment: perRound / k };
}

/**
 * How many independent agents, a real number, gain as much in round t as k of that correlation.
 * @type {(p: Parameters, k: number, correlation: number, t?: number) => number}
 */
export function effectiveAgents(p, k, correlation, t = 0) {
  const target = expectedBestImprovement(p, t, k, correlation);
  if (correlation === 0 || correlation === 1 || !target) return correlation < 1 ? k : 1;
  const gap = (/** @type {number} */ log) => expectedBestImprovement(p, t, Math.exp(log)) / target - 1;
  let low = 0, high = Math.log(k), below = gap(low), above = gap(high), root = high;
  for (let i = 0, side = 0; i < 60 && high - low > 1e-11; i++) { // regula falsi, an end that stays counts half
    root = high - (above * (high - low)) / (above - below);
    const here = gap(root);
    if (Math.abs(here) < 1e-14) break;
    if (here > 0) {
      [high, above] = [root, here];
      if (side > 0) below /= 2;
      side = 1;
    } else {
      [low, below] = [root, here];
      if (side < 0) above /= 2;
      side = -1;
    }
  }
  return Math.exp(root);
}
