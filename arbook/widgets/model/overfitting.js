// What luck can be had of a validation set: the twin of arbook/noise/overfitting.py.
import { expectedBestImprovement } from "./best_of.js";

const FAR = 40; // so far below zero the largest of some normals is that of their positive parts

/**
 * The most that a final configuration may owe to luck after n decisions, on average.
 * @type {(n: number, noise: number) => number}
 */
export function luckBound(n, noise) {
  return noise * Math.sqrt(2 * n * Math.LN2);
}

/**
 * The mean luck of an agent that is bent on it.
 * @type {(n: number, noise: number) => number}
 */
export function bentOnLuck(n, noise) {
  return noise * Math.sqrt((2 * n) / Math.PI);
}

/**
 * The mean gain in the log of a plain loop in which nothing has any effect: the largest of n + 1 normals.
 * @type {(n: number, noise: number) => number}
 */
export function plainLuck(n, noise) {
  const p = { sigma0: 1, gamma: 0.5, mu: -FAR, price: 0 };
  return noise * (expectedBestImprovement(p, 0, n + 1) - FAR);
}
