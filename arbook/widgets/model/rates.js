// Keep rates of real runs: the twin of arbook/runs/rates.py.
import { NORMAL_95 } from "./normal.js";

/**
 * Wilson's 95 % interval for a rate, from k of n: { rate, low, high }.
 * @type {(k: number, n: number) => { rate: number, low: number, high: number }}
 */
export function wilsonInterval(k, n) {
  const z = NORMAL_95, centre = (k + (z * z) / 2) / (n + z * z);
  const half = (z * Math.sqrt((k * (n - k)) / Math.max(n, 1) + (z * z) / 4)) / (n + z * z);
  return { rate: n ? k / n : NaN, low: Math.max(centre - half, 0), high: Math.min(centre + half, 1) };
}
