// Ticks of axes: where they are and what they say.
import { formatNumber, range, rounded } from "./numbers.js";

const MOST_TICKS = 1000;
const FINEST = 1e-9, LEAST = 1e-300; // of an axis: its length relative to the numbers on it, and its length

/**
 * A range that can be drawn: one that is too short for doubles to lie on it, or for labels of twelve digits to tell
 * its ends apart, is made longer to either side.
 */
export function drawable(/** @type {number[]} */ [low, high]) {
  const least = Math.max(FINEST * Math.abs(low), FINEST * Math.abs(high), LEAST), more = (least - (high - low)) / 2;
  return high >= low && more > 0 ? [low - more, high + more] : [low, high];
}

/** Round steps (1, 2, 2.5, 5 times a power of ten) that cut [low, high] into about `count` parts. */
export function niceTicks(/** @type {number} */ low, /** @type {number} */ high, count = 5) {
  const rough = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((s) => s * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9), more = Math.floor(high / step + 1e-9) - first;
  return more < MOST_TICKS ? range(more + 1).map((i) => rounded((first + i) * step, 12)) : [];
}

/** The powers of ten in [low, high], with 2 and 5 times them when they are few. */
export function logTicks(/** @type {number} */ low, /** @type {number} */ high) {
  const ticks = [], few = Math.log10(high / low) < 2.5;
  const first = Math.max(Math.floor(Math.log10(low)), -323), last = Math.min(Math.ceil(Math.log10(high)), 308);
  for (let e = first; e <= last; e++) {
    for (const m of few ? [1, 2, 5] : [1]) ticks.push(rounded(m * 10 ** e));
  }
  return ticks.filter((t) => t >= low * 0.999999 && t <= high * 1.000001);
}

/** As many decimals as the steps between ticks need; none where twelve are too few. @param {number[]} ticks */
export function tickFormat(ticks) {
  const gap = Math.min(...ticks.slice(1).map((t, i) => t - ticks[i]));
  const isOff = (/** @type {number} */ t, /** @type {number} */ digits) =>
    Math.abs(Number(t.toFixed(digits)) - t) > Math.min(1e-9 * Math.abs(t), 1e-3 * gap);
  const digits = range(13).find((many) => !ticks.some((t) => isOff(t, many)));
  return (/** @type {number} */ value) =>
    digits === undefined ? String(value).replaceAll("-", "−") : formatNumber(value, digits);
}
