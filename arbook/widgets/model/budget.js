// A night's machines, divided: the twin of arbook/agents/budget.py, and of parts of fidelity.py beside it.
import { anyKeepProbability, expectedBestImprovement } from "./best_of.js";
import { normalCdf, positivePart } from "./normal.js";
import { bias, stepSize } from "./parameters.js";

/** @import { Parameters } from "./parameters.js" */
/** @typedef {{ noise: number, curve: number, exponent: number }} Fidelity */

const DULL = -12, SHARP = 8, APART = 0.1; // skills between which the gain of k agents is interpolated
const TINY = 1e-300; // smallest step that is seen

/**
 * What of a step is seen after so many minutes, by its correlation with what is measured.
 * @type {(p: Parameters, f: Fidelity, minutes: number, t: number, repeats: number) => number}
 */
export function carryOver(p, f, minutes, t, repeats) {
  const noise = f.noise / minutes / repeats * (p.sigma0 / stepSize(p, t)) ** 2;
  return 1 / Math.sqrt(1 + noise + (f.curve / minutes) ** (2 * f.exponent));
}

/** @type {Map<number, { value: number[], slope: number[] }>} */
const tables = new Map();

/** E[max(0, a + best of k)], with its slope, at skills from DULL to SHARP. */
function table(/** @type {number} */ k) {
  let found = tables.get(k);
  if (!found) {
    const a = Array.from({ length: Math.round((SHARP - DULL) / APART) + 1 }, (_, i) => DULL + i * APART);
    const one = (/** @type {number} */ m) => ({ sigma0: 1, gamma: 1, mu: -m });
    found = {
      value: a.map((m) => expectedBestImprovement(one(m), 0, k)),
      slope: a.map((m) => anyKeepProbability(normalCdf(m), k)),
    };
    tables.set(k, found);
  }
  return found;
}

/** The same by cubics, for any skill. @type {(skill: number, k: number) => number} */
function bestOf(skill, k) {
  const { value, slope } = table(k), inside = Math.min(Math.max(skill, DULL), SHARP);
  const i = Math.min(Math.floor((inside - DULL) / APART), value.length - 2);
  const u = (inside - DULL) / APART - i;
  const left = value[i] * (1 + 2 * u) + APART * u * slope[i];
  const right = value[i + 1] * (3 - 2 * u) + APART * (u - 1) * slope[i + 1];
  return left * (1 - u) ** 2 + right * u ** 2 + Math.max(skill - SHARP, 0);
}

/**
 * Expected gain of a night of so many rounds.
 * @type {(p: Parameters, f: Fidelity, minutes: number, rounds: number, agents: number, repeats: number) => number}
 */
export function budgetGain(p, f, minutes, rounds, agents, repeats) {
  let sum = 0;
  for (let t = 0; t < rounds; t++) {
    const seen = Math.max(stepSize(p, t) * carryOver(p, f, minutes, t, repeats), TINY), gain = -bias(p, t);
    sum += agents === 1 ? positivePart(gain, seen) : seen * bestOf(Math.min(gain / seen, 1e300), agents);
  }
  return sum;
}
