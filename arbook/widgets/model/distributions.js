// The distribution of the frontier: the twin of arbook/model/distributions.py.
import { addImprovement, lattice, quantilesOfSum } from "./lattice.js";
import { improvementStd, keepProbability } from "./laws.js";
import { bias, stepSize } from "./parameters.js";
import { expectedFrontiers, frontierStd } from "./totals.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * Quantiles of F(n) for each n of the ascending list `ns`: a row of `probabilities.length` values for each.
 *
 * The improvements are put on a wrapped lattice of `points` that is wide enough for the sum's
 * spread; Fourier transforms multiply, and the result is stretched about the exact mean to the
 * exact deviation.
 * @type {(p: Parameters, ns: number[], probabilities: number[], f0?: number, points?: number) => number[][]}
 */
export function frontierQuantiles(p, ns, probabilities, f0 = 1, points = 1024) {
  const nMax = ns[ns.length - 1], half = points / 2, out = [];
  const means = expectedFrontiers(p, nMax, 0);
  const h = Math.max((20 * frontierStd(p, nMax)) / points, Number.MIN_VALUE);
  const { fft, re, im, sumRe, sumIm } = lattice(points);
  sumRe.fill(1); sumIm.fill(0);
  let variance = 0, none = 1, skew = 0, wanted = 0;
  for (; ns[wanted] === 0; wanted++) out.push(probabilities.map(() => f0));
  /** @type {(k: number, x: number, y: number) => void} */
  const multiply = (k, x, y) => {
    const a = sumRe[k], b = sumIm[k];
    sumRe[k] = a * x - b * y; sumIm[k] = a * y + b * x;
  };
  for (let t = 0; t < nMax; t++) {
    if (t % 2 === 0) { // two real sequences in one complex transform
      re.fill(0); im.fill(0);
      addImprovement(re, points, h, -bias(p, t), stepSize(p, t));
      if (t + 1 < nMax) addImprovement(im, points, h, -bias(p, t + 1), stepSize(p, t + 1));
      fft(re, im);
    }
    for (let k = 0; k <= half; k++) {
      const j = (points - k) % points;
      if (t % 2 === 0) multiply(k, (re[k] + re[j]) / 2, (im[k] - im[j]) / 2);
      else multiply(k, (im[k] + im[j]) / 2, (re[j] - re[k]) / 2);
    }
    variance += improvementStd(p, t) ** 2;
    const discardProb = 1 - keepProbability(p, t);
    none *= discardProb;
    skew += ((h * h) / 2) * (means[t] - means[t + 1]) * discardProb;
    if (ns[wanted] !== t + 1) continue;
    const upper = probabilities.map((q) => 1 - q);
    const row = quantilesOfSum(-means[t + 1], Math.sqrt(variance), none, skew, h, points, upper);
    for (; ns[wanted] === t + 1; wanted++) out.push(row.map((gain) => f0 - gain));
    if (t % 2 === 0 && t + 1 < nMax) { // the inverse transform used the buffers: fill them again
      re.fill(0); im.fill(0);
      addImprovement(im, points, h, -bias(p, t + 1), stepSize(p, t + 1));
      fft(re, im);
    }
  }
  return out;
}
