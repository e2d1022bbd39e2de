// Where a run lies among others: the twin of arbook/runs/places.py.

const NORMAL = 1.4826;

/** The middle of numbers, NaN of none. @type {(values: number[]) => number} */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length >> 1;
  if (!sorted.length) return NaN;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** A spread that a few wild values do not move; 0 of nothing. @type {(values: number[]) => number} */
export function spread(values) {
  const middle = median(values);
  return values.length ? NORMAL * median(values.map((v) => Math.abs(v - middle))) : 0;
}

/**
 * Boldness, keep rate, skill, decay and late share of a run: its changes, the metric of its frontier, and the share of
 * experiments that were kept.
 * @typedef {{ boldness: number, keepRate: number, skill: number, decay: number, late: number }} Place
 * @type {(delta: number[], frontier: number[], keepRate: number) => Place}
 */
export function placeOf(delta, frontier, keepRate) {
  const n = delta.length, half = (n + 1) >> 1, isNumber = (/** @type {number} */ v) => Number.isFinite(v);
  const measured = delta.filter(isNumber), sizes = measured.filter((v) => v !== 0).map(Math.abs);
  const whole = spread(measured);
  const [first, second] = [delta.slice(0, half), delta.slice(half)].map((part) => spread(part.filter(isNumber)));
  const f0 = frontier.find(isNumber) ?? NaN, gain = Math.abs(f0 - frontier[n]);
  return {
    boldness: sizes.length && f0 ? median(sizes) / Math.abs(f0) : NaN,
    keepRate,
    skill: whole > 0 ? median(measured) / whole : NaN,
    decay: first > 0 && second > 0 ? (second / first) ** (2 / n) : NaN,
    late: gain > 0 ? Math.abs(frontier[half] - frontier[n]) / gain : NaN,
  };
}
