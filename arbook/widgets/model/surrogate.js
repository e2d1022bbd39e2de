// The real task in no time: the twin of arbook/laboratory/surrogate.py.
import { exponential, sumOf, trees } from "./trees.js";

/** @typedef {{ splits: number[], leaves: number[] }} Written */

// The trees add logarithms of what the metric has above FLOOR, in units of LEAF.
const FLOOR = 0.95, LEAF = 1e-4;
const HEAD = 64, BATCH = 32;

/** Standard deviation of a measurement. */
export const NOISE = 0.00051;

/** Of each knob, how many whole numbers it has and the first of them, or nothing. */
const WHOLE = [
  [21, 4], [97, 32], [3, 0], [4, 0], [6, 0], null, null, null, null, null, null, null, null, [6, 0],
];

/** Number of knobs. */
export const KNOBS = WHOLE.length;

/**
 * What the trees look at: the knobs, and what a model of that size needs.
 * @type {(theta: ArrayLike<number>) => Float64Array}
 */
export function features(theta) {
  const x = new Float64Array(KNOBS + 4);
  for (let i = 0; i < KNOBS; i++) {
    const whole = WHOLE[i];
    x[i] = whole ? Math.min(whole[1] + Math.floor(theta[i] * whole[0]), whole[1] + whole[0] - 1) : theta[i];
  }
  const depth = x[0], head = HEAD * 2 ** x[2], batch = BATCH * 2 ** x[3];
  const width = Math.ceil((depth * x[1]) / head) * head;
  x[KNOBS] = width;
  x[KNOBS + 1] = depth * width * width;
  x[KNOBS + 2] = depth * width * batch;
  x[KNOBS + 3] = x[4] - x[3];
  return x;
}

/**
 * The task: its metric without noise at a point of the unit cube, NaN where it crashes.
 * @type {(model: { thresholds: number[][], metric: Written, crash: Written }) => (theta: ArrayLike<number>) => number}
 */
export function surrogate({ thresholds, metric, crash }) {
  const [metrics, crashes] = [metric, crash].map(({ splits, leaves }) => trees(thresholds, splits, leaves));
  return (theta) => {
    const x = features(theta);
    return sumOf(crashes, x) > 0 ? NaN : FLOOR + exponential(LEAF * sumOf(metrics, x));
  };
}
