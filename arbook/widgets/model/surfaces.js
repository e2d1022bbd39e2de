// Landscapes: the twin of arbook/landscapes/surfaces.py.

/**
 * The squared distance from the origin.
 * @type {(x: Float64Array | number[]) => number}
 */
export function sphere(x) {
  let sum = 0;
  for (const v of x) sum += v * v;
  return sum;
}

/**
 * -x_1 + the sum of x_i^2 over i > 1.
 * @type {(x: Float64Array | number[]) => number}
 */
export function ridge(x) {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += x[i] * x[i];
  return sum - x[0];
}

/**
 * The sum of x_i^2 / 10 + 1 - cos(2 pi x_i): a hollow at every integer, the deepest at 0.
 * @type {(x: Float64Array | number[]) => number}
 */
export function hollows(x) {
  let sum = 0;
  for (const v of x) sum += (v * v) / 10 + 1 - Math.cos(2 * Math.PI * v);
  return sum;
}
