// The standard normal: the twin of arbook/_numerics/normal.py.

export const SQRT_2PI = Math.sqrt(2 * Math.PI);
const FAR = 1e3; // ratios are clipped to it

// W. J. Cody, "Rational Chebyshev approximations for the error function",
// Mathematics of Computation 23, 631-637, 1969: coefficients of the three ranges.
const ERF_P = [
  1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3,
];
const ERF_Q = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
const MID_P = [
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
  8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
];
const MID_Q = [
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
  3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];
const FAR_P = [
  1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
  1.60837851487422766e-2, 6.58749161529837803e-4,
];
const FAR_Q = [
  1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2,
  2.33520497626869185e-3,
];

/** @type {(top: number[], bottom: number[], x: number) => number} */
function ratio(top, bottom, x) {
  let a = top[0], b = bottom[0];
  for (let i = 1; i < top.length; i++) { a = a * x + top[i]; b = b * x + bottom[i]; }
  return a / b;
}

/**
 * exp(-x*x), with x*x taken apart: its rounding error would be amplified by the exponential.
 * @type {(x: number) => number}
 */
function gaussian(x) {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/**
 * erfc(x) * exp(x*x) for x > 0.46875.
 * @type {(x: number) => number}
 */
function scaledErfc(x) {
  if (x <= 4) return ratio(MID_P, MID_Q, x);
  const r = 1 / (x * x);
  return (1 / Math.sqrt(Math.PI) - r * ratio(FAR_P, FAR_Q, r)) / x;
}

/** @type {(x: number) => number} */
function erfc(x) {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - x * ratio(ERF_P, ERF_Q, x * x);
  if (y > 40) return x > 0 ? 0 : 2;
  const tail = gaussian(y) * scaledErfc(y);
  return x > 0 ? tail : 2 - tail;
}

/**
 * Distribution function of the standard normal, accurate in the lower tail.
 * @type {(x: number) => number}
 */
export function normalCdf(x) {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/**
 * Density of the standard normal.
 * @type {(x: number) => number}
 */
export function normalPdf(x) {
  return gaussian(x * Math.SQRT1_2) / SQRT_2PI;
}

/**
 * (1 - Phi(x)) / phi(x) for x >= 0.
 * @type {(x: number) => number}
 */
function millsRatio(x) {
  const y = x * Math.SQRT1_2;
  if (y <= 0.46875) return (1 - normalCdf(x)) / normalPdf(x);
  return Math.sqrt(Math.PI / 2) * scaledErfc(y);
}

/**
 * E[(Z - b)^+] for a standard normal Z and b >= 0.
 * @type {(b: number) => number}
 */
function tailMean(b) {
  return normalPdf(b) * (1 - b * millsRatio(b));
}

/**
 * E[((Z - b)^+)^2] / phi(b).
 * @type {(b: number) => number}
 */
function tailSquareRatio(b) {
  return (1 + b * b) * millsRatio(b) - b;
}

/**
 * mean / std, clipped: beyond FAR deviations every tail is 0, and nothing overflows when squared.
 * @type {(mean: number, std: number) => number}
 */
export function clippedRatio(mean, std) {
  return Math.min(Math.max(mean / std, -FAR), FAR);
}

/**
 * E[max(0, X)] of a normal X, without cancellation.
 * @type {(mean: number, std: number) => number}
 */
export function positivePart(mean, std) {
  return Math.max(mean, 0) + std * tailMean(Math.abs(clippedRatio(mean, std)));
}

/**
 * Deviation of max(0, X) of a normal X with mean a and deviation 1. E[I^2] - E[I]^2 would cancel once a is large,
 * and far below 0 the variance is 0 in a double.
 * @type {(a: number) => number}
 */
export function positivePartStd(a) {
  const b = Math.abs(a), mean = tailMean(b);
  if (a < -30) return Math.exp(-0.25 * b * b) * Math.sqrt(tailSquareRatio(b) / SQRT_2PI);
  return Math.sqrt(a < 0 ? normalPdf(b) * tailSquareRatio(b) - mean * mean : normalCdf(a) - mean * (b + mean));
}

export const CERTAIN = 9; // from this many deviations on a normal has its sign for certain
export const NORMAL_95 = 1.959963984540054; // a normal lies within so many deviations with 95 %
