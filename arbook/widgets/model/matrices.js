// Small matrices, as rows of numbers.

/** @typedef {number[][]} Matrix */

/**
 * A row for each x, a column for each y.
 * @type {(xs: number[], ys: number[], at: (x: number, y: number) => number) => Matrix}
 */
export const table = (xs, ys, at) => xs.map((x) => ys.map((y) => at(x, y)));

/** @type {(a: number[], b: number[]) => number} */
export const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** @type {(m: Matrix, v: number[]) => number[]} */
export const times = (m, v) => m.map((row) => dot(row, v));

/** The lower triangle whose product with its transpose is a positive definite matrix. @type {(m: Matrix) => Matrix} */
export function cholesky(m) {
  /** @type {Matrix} */
  const root = m.map(() => []);
  for (let i = 0; i < m.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = m[i][j];
      for (let k = 0; k < j; k++) sum -= root[i][k] * root[j][k];
      root[i].push(i === j ? Math.sqrt(sum) : sum / root[j][j]);
    }
  }
  return root;
}

/** What a matrix, given by its root, takes to v. @type {(root: Matrix, v: number[]) => number[]} */
export function solve(root, v) {
  const n = v.length, x = [...v];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= root[i][k] * x[k];
    x[i] /= root[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= root[k][i] * x[k];
    x[i] /= root[i][i];
  }
  return x;
}
