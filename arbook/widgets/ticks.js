// Ticks of axes: where they are and what they say.
import { formatNumber, rounded } from "./numbers.js";

/** Round steps (1, 2, 2.5, 5 times a power of ten) that cut [low, high] into about `count` parts. */
export function niceTicks(/** @type {number} */ low, /** @type {number} */ high, count = 5) {
  const rough = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((s) => s * power >= rough * 0.999) ?? 10) * power, ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(rounded(i * step, 12));
  return ticks;
}

/** The powers of ten in [low, high], with 2 and 5 times them when they are few. */
export function logTicks(/** @type {number} */ low, /** @type {number} */ high) {
  const ticks = [], few = Math.log10(high / low) < 2.5;
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    for (const m of few ? [1, 2, 5] : [1]) ticks.push(rounded(m * 10 ** e));
  }
  return ticks.filter((t) => t >= low * 0.999999 && t <= high * 1.000001);
}

/** As many decimals as the steps between ticks need. @param {number[]} ticks */
export function tickFormat(ticks) {
  let digits = 0;
  while (digits < 8 && ticks.some((t) => Math.abs(Number(t.toFixed(digits)) - t) > 1e-9 * Math.abs(t))) digits++;
  return (/** @type {number} */ value) => formatNumber(value, digits);
}
