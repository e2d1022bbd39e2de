// Integrals by Gauss and Legendre's rule; Python takes the nodes from NumPy (arbook/_numerics/best_of.py).

/**
 * Gauss-Legendre nodes and weights on [-1, 1], by Newton's method on the Legendre polynomial.
 * @type {(n: number) => [number, number][]}
 */
function gaussLegendre(n) {
  /** @type {[number, number][]} */
  const nodes = [];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5)), slope = 1;
    for (let step = 0; step < 100; step++) {
      let before = 1, now = x;
      for (let j = 2; j <= n; j++) [before, now] = [now, ((2 * j - 1) * x * now - (j - 1) * before) / j];
      slope = (n * (x * now - before)) / (x * x - 1);
      const shift = now / slope;
      x -= shift;
      if (Math.abs(shift) < 1e-15) break;
    }
    nodes.push([x, 2 / ((1 - x * x) * slope * slope)]);
  }
  return nodes;
}

export const NODES = gaussLegendre(16);
