// Rules that keep or discard, and see measurements only: the twin of arbook/noise/keep_rules.py.
import { updated } from "./kalman.js";
import { bias, stepSize } from "./parameters.js";
import { keep } from "./rule.js";

/** @import { Parameters } from "./parameters.js" */

/** What can be decided on a measurement; AGAIN measures the variant once more. */
export const Decision = { DISCARD: 0, KEEP: 1, AGAIN: 2 };

/**
 * A rule at work on one run. Its `incumbent` is the metric that the incumbent is taken to have.
 * @typedef {{ incumbent: number, decide: (t: number, y: number) => number, refresh: (y: number) => void }} Judge
 * A keep rule: it is started with the measured baseline.
 * @typedef {(baseline: number) => Judge} KeepRule
 */

/**
 * Keep what is lower than the incumbent's logged value by more than a margin.
 * @type {(margin?: number) => KeepRule}
 */
export function margin(margin = 0) {
  return comparing(margin, (y) => y);
}

/**
 * The Ladder: a margin, and a logged value that is told in steps of the margin only.
 * @type {(step: number) => KeepRule}
 */
export function ladder(step) {
  return comparing(step, (y) => Math.round(y / step) * step);
}

/** @type {(margin: number, told: (y: number) => number) => KeepRule} */
function comparing(margin, told) {
  return (baseline) => ({
    incumbent: baseline,
    decide(_, y) {
      if (!keep(y, this.incumbent - margin)) return Decision.DISCARD;
      this.incumbent = told(y);
      return Decision.KEEP;
    },
    refresh(y) { this.incumbent = y; },
  });
}

/**
 * Measure again what looks better, and keep it if the mean of both is better.
 * @type {() => KeepRule}
 */
export function confirm() {
  return (baseline) => {
    let first = NaN;
    return {
      incumbent: baseline,
      decide(_, y) {
        if (Number.isNaN(first)) {
          if (!keep(y, this.incumbent)) return Decision.DISCARD;
          first = y;
          return Decision.AGAIN;
        }
        const mean = (first + y) / 2;
        first = NaN;
        if (!keep(mean, this.incumbent)) return Decision.DISCARD;
        this.incumbent = mean;
        return Decision.KEEP;
      },
      refresh(y) { this.incumbent = y; },
    };
  };
}

/**
 * Keep a variant whose true metric is expected to be lower than the incumbent's.
 * @type {(p: Parameters, noise: number) => KeepRule}
 */
export function posteriorMean(p, noise) {
  // made in the first run, the same in every one
  const means = /** @type {number[]} */ ([]), steps = /** @type {number[]} */ ([]);
  return (baseline) => {
    let variance = noise * noise;
    return {
      incumbent: baseline,
      decide(t, y) {
        if (!Number.isFinite(y)) return Decision.DISCARD; // a crash tells nothing
        for (let i = steps.length; i <= t; i++) { means.push(bias(p, i)); steps.push(stepSize(p, i)); }
        const mu = means[t], sigma = steps[t];
        const kept = updated(this.incumbent, variance, y, mu, sigma, noise, true);
        const stayed = updated(this.incumbent, variance, y, mu, sigma, noise, false);
        const better = keep(kept[0], stayed[0]);
        [this.incumbent, variance] = better ? kept : stayed;
        return better ? Decision.KEEP : Decision.DISCARD;
      },
      refresh(y) { [this.incumbent, variance] = updated(this.incumbent, variance, y, 0, 0, noise, false); },
    };
  };
}
