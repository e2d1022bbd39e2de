// What the best of many draws from an urn brings: the twin of arbook/model/urn.py.

/**
 * E[G_i] after i = 0 ... n variants, in units of the urn's scale: sums of B(i + 1, 1 - tail).
 * @type {(n: number, tail: number) => number[]}
 */
export function expectedUrnGains(n, tail) {
  const gains = [0];
  let one = 1 / (1 - tail); // B(1, 1 - tail)
  for (let i = 1; i <= n; i++) {
    one *= i / (i + 1 - tail);
    gains.push(gains[i - 1] + one);
  }
  return gains;
}
