// Archives that keep the best Q configurations: the twin of arbook/agents/archives.py.
import { bias, stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

const EULER = 0.5772156649015329;

/**
 * E_2(s), the integral of exp(-s v) / v^2 over v > 1: a series for small s, a continued fraction for large.
 * @type {(s: number) => number}
 */
function expn2(s) {
  if (s > 1) {
    let b = s + 2, c = 1e300, d = 1 / b, h = d;
    for (let i = 1; i < 200; i++) {
      const a = -i * (i + 1);
      b += 2; d = 1 / (a * d + b); c = b + a / c; h *= c * d;
      if (Math.abs(c * d - 1) < 1e-15) break;
    }
    return h * Math.exp(-s);
  }
  let sum = -Math.log(s) - EULER, term = -1;
  for (let i = 1; i < 30; i++) { term *= -s / i; sum += term / i; }
  return Math.exp(-s) - s * sum;
}

// Points at which the integral over ln s is summed, as in Python.
const LOG_S = Float64Array.from({ length: 4001 }, (_, i) => -40 + (46 * i) / 4000);
const OTHERS = LOG_S.map((v) => expn2(Math.exp(v)));
const WEIGHT = LOG_S.map((v) => Math.exp(v - Math.exp(v)) * (46 / 4000));

/**
 * How fast an archive of `size` gains, in units of the loop that keeps one, where keeps are rare.
 * @type {(size: number) => number}
 */
export function archiveRate(size) {
  const wait = OTHERS.reduce((sum, other, i) => sum + WEIGHT[i] * other ** (size - 1), 0);
  return 1 / (size * size * wait);
}

/**
 * True metric of the member that was measured best, in rows of n + 1 values, from a baseline at 0. `luck` holds draws
 * in rows of `stride`: { parent (uniform), variant, measured (the baseline's first) }; `found` takes the rows.
 * @type {(p: Parameters, n: number, size: number, luck: { parent: ArrayLike<number>, variant: ArrayLike<number>,
 *   measured: ArrayLike<number> }, stride: number, nRuns: number, noise: number, found?: Float64Array) => Float64Array}
 */
export function simulateArchive(
  p, n, size, luck, stride, nRuns, noise, found = new Float64Array(nRuns * (n + 1)),
) {
  const member = new Float64Array(size), { parent, variant, measured } = luck;
  const seen = new Float64Array(size + 1), place = new Int32Array(size + 1); // by rank, from 1, the best
  const steps = Float64Array.from({ length: n }, (_, t) => stepSize(p, t));
  const means = Float64Array.from({ length: n }, (_, t) => bias(p, t));
  seen[0] = -Infinity; // no variant is better
  for (let run = 0, o = 0; run < nRuns; run++, o++) {
    let row = run * stride;
    member.fill(0);
    seen.fill(noise * measured[row], 1);
    for (let rank = 1; rank <= size; rank++) place[rank] = size - rank;
    found[o] = 0;
    for (let t = 0; t < n; t++, row++) {
      const made = member[Math.floor(size * parent[row])] + means[t] + steps[t] * variant[row];
      const y = made + noise * measured[row + 1];
      if (y < seen[size]) {
        const free = place[size];
        member[free] = made;
        let rank = size;
        for (; seen[rank - 1] > y; rank--) { seen[rank] = seen[rank - 1]; place[rank] = place[rank - 1]; }
        seen[rank] = y; place[rank] = free;
      }
      found[++o] = member[place[1]];
    }
  }
  return found;
}
