// Rounds of k agents: the twin of arbook/agents/rounds.py.
import { bias, stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */

/**
 * The frontier of one run of rounds: the best of the first k of each row of `z` (rows `stride` long).
 * @type {(p: Parameters, nRounds: number, k: number, z: ArrayLike<number>, f0?: number, stride?: number) =>
 *   Float64Array}
 */
export function simulateRounds(p, nRounds, k, z, f0 = 1, stride = k) {
  const out = new Float64Array(nRounds + 1);
  let f = f0;
  out[0] = f0;
  for (let r = 0; r < nRounds; r++) {
    let least = Infinity;
    for (let agent = 0; agent < k; agent++) least = Math.min(least, z[r * stride + agent]);
    f += Math.min(0, bias(p, r) + stepSize(p, r) * least);
    out[r + 1] = f;
  }
  return out;
}
