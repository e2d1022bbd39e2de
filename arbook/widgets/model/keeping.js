// How often runs improve: the twin of arbook/runs/keeping.py, for one run.
import { cholesky, dot, solve, table, times } from "./matrices.js";
import { range } from "../numbers.js";

const CENTRE = Math.log(31), WIDTH = 0.3, STEPS = 30, LONGEST_STEP = 2, JITTER = 1e-9;

/** @typedef {{ start: number, slope: number, spread: number }} Line */
/** @typedef {{ improved: number[], n: number[], u: number[] }} Counts */

/** A line in u, with its intercept at the 31st experiment.
 * @type {(u: number, start: number, slope: number) => number} */
export const lineAt = (u, start, slope) => start + slope * (u - CENTRE);

/** @type {(n: number) => number[]} */
export function edgesOf(n) {
  const most = Math.trunc(Math.log1p(n) / WIDTH) + 1,
    inner = range(most + 1).map((k) => Math.round(Math.expm1(WIDTH * k)));
  return [...new Set([0, ...inner.filter((edge) => edge > 0 && edge < n), n])].sort((a, b) => a - b);
}

/** The middle of each bin in u. @type {(edges: number[]) => number[]} */
export const places = (edges) => edges.slice(1).map((end, i) => (Math.log1p(edges[i]) + Math.log1p(end - 1)) / 2);

/** @type {(improvement: number[]) => Counts} */
export function countsOf(improvement) {
  const edges = edgesOf(improvement.length);
  const bins = edges.slice(1).map((end, i) => improvement.slice(edges[i], end));
  return {
    improved: bins.map((bin) => bin.filter((gain) => gain > 0).length), n: bins.map((bin) => bin.length),
    u: places(edges),
  };
}

/**
 * Mean and covariance of a run's log odds at the places u, given what it did.
 * @type {(counts: Counts, u: number[], line: Line) => { mean: number[], covariance: import("./matrices.js").Matrix }}
 */
export function continuedOdds({ improved, n, u: past }, u, { start, slope, spread }) {
  const level = past.map((at) => lineAt(at, start, slope));
  const known = table(past, past, (a, b) => spread ** 2 * Math.min(a, b));
  known.forEach((row, i) => { row[i] += JITTER; });
  let mode = past.map(() => 0), weight = mode, root = mode, inner = known;
  for (let step = 0; step < STEPS; step++) {
    const p = level.map((at, i) => 1 / (1 + Math.exp(-at - mode[i])));
    const turn = p.map((x, i) => Math.sqrt(n[i] * x * (1 - x)));
    const lower = cholesky(known.map((row, i) => row.map((x, j) => (i === j ? 1 : 0) + turn[i] * x * turn[j])));
    root = turn;
    inner = lower;
    if (step === STEPS - 1) break;
    const right = p.map((x, i) => turn[i] ** 2 * mode[i] + improved[i] - n[i] * x);
    const solved = solve(lower, times(known, right).map((x, i) => turn[i] * x));
    weight = right.map((x, i) => x - turn[i] * solved[i]);
    const now = mode, move = times(known, weight).map((x, i) => x - now[i]);
    const longest = Math.max(...move.map(Math.abs));
    if (longest < 1e-10) break;
    mode = now.map((x, i) => x + move[i] * Math.min(1, LONGEST_STEP / longest));
  }
  const cross = table(u, past, (a, b) => spread ** 2 * Math.min(a, b));
  const solved = cross.map((row) => solve(inner, row.map((x, i) => root[i] * x)).map((x, i) => root[i] * x));
  return {
    mean: u.map((at, i) => lineAt(at, start, slope) + dot(cross[i], weight)),
    covariance: u.map((a, i) => u.map((b, j) => spread ** 2 * Math.min(a, b) - dot(cross[i], solved[j]))),
  };
}
