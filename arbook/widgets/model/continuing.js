// Continuations of a run as one of the population: the twin of arbook/runs/continuing.py.
import { philox } from "./draws.js";
import { continuedGains, gainsOf } from "./gaining.js";
import { continuedOdds, countsOf, places } from "./keeping.js";
import { cholesky, dot } from "./matrices.js";
import { range } from "../numbers.js";

const MOST_BINS = 40, JITTER = 1e-8;

/** Uniforms and normals, one after another.
 * @type {(seed: number) => { uniform: () => number, normal: () => number }} */
function drawsOf(seed) {
  const words = new Uint32Array(4);
  let block = 0;
  const pair = () => {
    philox(block++, 0, 7, 0, seed, 0, words);
    const [a, b] = [words[0] + words[1] / 2 ** 32, words[2] + words[3] / 2 ** 32];
    return [a / 2 ** 32, b / 2 ** 32];
  };
  return {
    uniform: () => pair()[0],
    normal() {
      const [a, b] = pair();
      return Math.sqrt(-2 * Math.log1p(-a)) * Math.cos(2 * Math.PI * b);
    },
  };
}

/** A gamma variate of a shape above 1 (Marsaglia and Tsang 2000). */
function gammaOf(/** @type {number} */ shape, /** @type {ReturnType<typeof drawsOf>} */ { uniform, normal }) {
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(), v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - uniform()) < x * x / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * Further gains and improvements of n experiments, drawn; in the metric's unit. A metric that is positive and minimised
 * changes by factors; `room` is how far it can go.
 * @type {(run: { value: number[], frontier: number[], direction: string, f0: number }, n: number, nDraws: number,
 *   of: import("./gaining.js").Population, seed?: number) => { gains: number[], keeps: number[] }}
 */
export function continuations(run, n, nDraws, of, seed = 1) {
  const { value, frontier, direction, f0 } = run, finite = value.filter((v) => Number.isFinite(v));
  const factors = direction === "min" && Math.min(...finite) > 0;
  const f = (/** @type {number} */ v) => (factors ? Math.log(v) : v), sign = direction === "min" ? 1 : -1;
  const seen = value.length - 1, delta = range(seen).map((t) => sign * (f(value[t + 1]) - f(frontier[t])));
  const steps = range(MOST_BINS).map((i) => {
    const at = Math.log1p(seen) + (i / (MOST_BINS - 1)) * (Math.log1p(seen + n) - Math.log1p(seen));
    return Math.min(Math.max(Math.round(Math.expm1(at) - seen), 0), n);
  });
  const edges = [...new Set([0, ...steps, n])].sort((a, b) => a - b),
    sizes = edges.slice(1).map((end, i) => end - edges[i]);
  const u = places(edges.map((edge) => edge + seen));
  const line = { start: of.keep_start, slope: of.keep_slope, spread: of.keep_walk };
  const improvement = delta.map((_, t) => Math.max(0, sign * (f(frontier[t]) - f(frontier[t + 1])) || 0));
  const odds = continuedOdds(countsOf(improvement), u, line);
  const past = gainsOf(delta, improvement, of.usual_change * (factors ? 1 : Math.abs(f0) || 1));
  const size = continuedGains(past, u, of);
  const rooted = (/** @type {number[][]} */ m) => cholesky(
    m.map((row, i) => row.map((x, j) => x + (i === j ? JITTER : 0))));
  const oddsRoot = rooted(odds.covariance), sizeRoot = rooted(size.covariance), draws = drawsOf(seed);
  const now = frontier[seen], room = direction === "min" && Math.min(...finite) >= 0 ? now : Infinity;
  /** @type {number[]} */
  const gains = [];
  /** @type {number[]} */
  const keeps = [];
  for (let i = 0; i < nDraws; i++) {
    const first = u.map(draws.normal), second = u.map(draws.normal);
    const spread = Math.sqrt(size.scale / gammaOf(size.shape, draws));
    let gain = 0, kept = 0;
    for (let bin = 0; bin < u.length; bin++) {
      const p = 1 / (1 + Math.exp(-odds.mean[bin] - dot(oddsRoot[bin], first)));
      const level = size.mean[bin] + spread * dot(sizeRoot[bin], second);
      for (let t = 0; t < sizes[bin]; t++) {
        if (draws.uniform() >= p) continue;
        kept += 1;
        gain += past.unit * Math.exp(level + of.gain_noise * spread * draws.normal());
      }
    }
    gains.push(Math.min(factors ? -now * Math.expm1(-gain) : gain, room));
    keeps.push(kept);
  }
  return { gains, keeps };
}
