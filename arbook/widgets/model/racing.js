// Races of programs: the twin of arbook/programs/racing.py.
import { normals, uniforms } from "./draws.js";
import { runsNeeded } from "./selection.js";

/**
 * @typedef {{ indifference: number, error: number, firstRuns: number }} RaceRule
 * Normals of one of the races, for at least so many nights.
 * @typedef {(which: number, nights: number) => { nights: number, own: Float64Array, shared: Float64Array }} Luck
 */

const LONGEST_RACE = 100_000; // of a program in a race, which equal ones without luck would not end

/**
 * By how much a program's sum must trail another's for a race to drop it.
 * @type {(variance: number, nPrograms: number, rule: RaceRule) => number}
 */
export function raceMargin(variance, nPrograms, { indifference, error, firstRuns }) {
  const free = firstRuns - 1;
  return ((variance / indifference) * free * (((nPrograms - 1) / error) ** (2 / free) - 1)) / 4;
}

/**
 * A race of programs 0 ... size - 1, whose run j has the value `sample(i, j)`.
 * @type {(size: number, sample: (i: number, j: number) => number, rule: RaceRule) => { best: number, runs: number[],
 *   means: number[], eliminations: { program: number, runs: number }[] }}
 */
export function race(size, sample, rule) {
  const programs = Array.from({ length: size }, (_, i) => i);
  const first = programs.map((i) => Array.from({ length: rule.firstRuns }, (_, j) => sample(i, j)));
  const sums = first.map((values) => values.reduce((a, b) => a + b)), margins = first.map(() => new Float64Array(size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const middle = (sums[i] - sums[j]) / rule.firstRuns;
      let squares = 0;
      for (let r = 0; r < rule.firstRuns; r++) squares += (first[i][r] - first[j][r] - middle) ** 2;
      margins[i][j] = margins[j][i] = raceMargin(squares / (rule.firstRuns - 1), size, rule);
    }
  }
  const runs = programs.map(() => rule.firstRuns);
  const eliminations = [];
  let left = programs;
  for (let r = rule.firstRuns; left.length > 1 && r < LONGEST_RACE; r++) {
    let open = false;
    const stays = left.filter((i) => left.every((j) => {
      open = open || margins[i][j] > 0;
      return !(sums[j] - sums[i] > margins[i][j]);
    }));
    for (const i of left) if (!stays.includes(i)) eliminations.push({ program: i, runs: r });
    left = stays;
    if (!open) break;
    if (left.length > 1) for (const i of left) { sums[i] += sample(i, r); runs[i] = r + 1; }
  }
  const best = left.reduce((a, b) => (sums[b] / runs[b] > sums[a] / runs[a] ? b : a));
  return { best, runs, means: sums.map((sum, i) => sum / runs[i]), eliminations };
}

/**
 * True means of the programs of a race: the best leads by the gap; the others are equal, or each a gap below the
 * one before.
 * @type {(setting: { seed: number, gap: number, stairs: number }, size: number) => number[]}
 */
export function raceTruth({ seed, gap, stairs }, size) {
  const u = uniforms(seed, size, 1, 2), order = Array.from(u.keys()).sort((a, b) => u[a] - u[b]);
  /** @type {number[]} */
  const truth = [];
  order.forEach((i, place) => { truth[i] = 1 + gap * (place === 0 ? 1 : stairs ? 1 - place : 0); });
  return truth;
}

/**
 * The luck of a seed, made once for every setting: normals of the programs' nights in each race, and of what all
 * share.
 * @type {(seed: number, size: number) => Luck}
 */
export function raceLuck(seed, size) {
  /** @type {ReturnType<Luck>[]} */
  const made = [];
  return (which, nights) => {
    if (!(made[which]?.nights >= nights)) {
      const enough = Math.max(32, 2 * (made[which]?.nights ?? 0), nights);
      const own = normals(seed, size, enough, 10 + 2 * which), shared = normals(seed, 1, enough, 11 + 2 * which);
      made[which] = { nights: enough, own, shared };
    }
    return made[which];
  };
}

/**
 * Night j of program i in one of the races: its mean, luck of its own, and luck that is everyone's.
 * @type {(setting: { noise: number, common: number }, truth: number[], luck: Luck, which: number) =>
 *   (i: number, j: number) => number}
 */
export function raceSampler({ noise, common }, truth, luck, which) {
  const ownShare = noise * Math.sqrt(1 - common), commonShare = noise * Math.sqrt(common);
  let { nights, own, shared } = luck(which, 1);
  return (i, j) => {
    if (j >= nights) ({ nights, own, shared } = luck(which, j + 1));
    return truth[i] + ownShare * own[i * nights + j] + commonShare * shared[j];
  };
}

/**
 * Nights of each program with which even shares are as often right as `right` of the races: of all, in all but one.
 * @type {(setting: { noise: number, common: number }, truth: number[], right: number, races: number) => number}
 */
export function evenRuns({ noise, common }, truth, right, races) {
  const std = noise * Math.sqrt(1 - common);
  return runsNeeded(truth, truth.map(() => std), Math.min(right, races - 1) / races);
}
