// Measures of a run: the twin of arbook/model/measures.py.

/**
 * Gain area of one frontier: the sum of f0 - F(t) over t = 1 ... n.
 * @type {(frontier: ArrayLike<number>, f0?: number) => number}
 */
export function gainArea(frontier, f0 = frontier[0]) {
  let sum = 0;
  for (let t = 1; t < frontier.length; t++) sum += f0 - frontier[t];
  return sum;
}
