// What luck alone brings: the twin of arbook/model/records.py.

/**
 * E[R_n], the improvements that n random draws bring: the sum of 1 / (i + 1) over i = 1 ... n.
 * @type {(n: number) => number}
 */
export function expectedRecords(n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += 1 / (i + 1);
  return sum;
}

/**
 * Standard deviation of R_n.
 * @type {(n: number) => number}
 */
export function recordsStd(n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += (1 / (i + 1)) * (1 - 1 / (i + 1));
  return Math.sqrt(sum);
}
