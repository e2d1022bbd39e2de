// Numbers for people: rounded in one place, with a true minus sign; and round numbers for axes.

/** A number with so many decimals; no "-0.00". @type {(value: number, digits: number) => string} */
export function formatNumber(value, digits) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** The decimals that show a number to `digits` significant digits. */
export function decimals(/** @type {number} */ value, digits = 3) {
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  return Math.min(Math.max(digits - 1 - exponent, 0), 12);
}

/** A number to `digits` significant digits, 0.00301, 12.6, 344; with a power of ten where 12 decimals are too few. */
export function significant(/** @type {number} */ value, digits = 3) {
  if (!value) return "0";
  return Math.abs(value) < 1e-9 ? scientific(value) : formatNumber(value, decimals(value, digits));
}

/** The same with a sign, for a bias. */
export function signed(/** @type {number} */ value, digits = 3) {
  return (value > 0 ? "+" : "") + significant(value, digits);
}

/** Three significant digits, with a power of ten where a number is small: 344, 0.00301, 3.0 × 10⁻⁵. */
export function scientific(/** @type {number} */ value) {
  const size = Math.abs(value), [digits, exponent] = value.toExponential(1).split("e").map(Number);
  if (size >= 0.001) return formatNumber(value, Math.max(0, 2 - Math.floor(Math.log10(size))));
  return size === 0 ? "0" : `${formatNumber(digits, 1)} × ${powerOfTen(exponent)}`;
}

/** 0.01, 0.1 ... 1000, and powers beyond as 10⁻³. */
export function powerOfTen(/** @type {number} */ exponent) {
  if (exponent >= -2 && exponent <= 3) return String(Number((10 ** exponent).toPrecision(3)));
  return `10${String(exponent).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])}`;
}

/** A share in per cent. */
export function perCent(/** @type {number} */ share, digits = 0) {
  return `${formatNumber(100 * share, digits)} %`;
}

/** One thing, two things. */
export function plural(/** @type {number} */ n, /** @type {string} */ one, many = `${one}s`) {
  return `${n === 0 ? "no" : n} ${n === 1 ? one : many}`;
}

/** A value that a reader sets, without the digits of a pointer's pixels. */
export function rounded(/** @type {number} */ value, digits = 3) {
  return Number(value.toPrecision(digits));
}

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12];

/** The next of `steps` times a power of ten that is `room` times the value, so that an axis moves seldom. */
export function roundUp(/** @type {number} */ value, room = 1, steps = STEPS) {
  const power = 10 ** Math.floor(Math.log10(value));
  return (steps.find((step) => step * power >= value * room) ?? 10 * steps[0]) * power;
}

/** 0 ... n - 1. */
export function range(/** @type {number} */ n) {
  return Array.from({ length: n }, (_, i) => i);
}

/**
 * The same function, which keeps its last answer until an argument changes. The arguments are plain values.
 * @template Made
 * @param {(...given: any[]) => Made} make
 * @returns {(...given: (number | string)[]) => Made}
 */
export function latest(make) {
  /** @type {{ key: string, made: Made } | undefined} */
  let kept;
  return (...given) => {
    const key = given.join();
    if (kept?.key !== key) kept = { key, made: make(...given) };
    return kept.made;
  };
}
