// Boosted trees as numbers: the twin of arbook/laboratory/trees.py.

const MOST = 64; // a split is written as feature times this, plus the place of its threshold

/**
 * Trees as arrays of nodes, each before its left branch and that before its right one.
 * @typedef {{ feature: Int32Array, threshold: Float64Array, right: Int32Array, value: Int32Array,
 *   roots: number[] }} Trees
 */

/**
 * Read trees: splits are -1 for a leaf, and leaves are integers.
 * @type {(thresholds: number[][], splits: number[], leaves: number[]) => Trees}
 */
export function trees(thresholds, splits, leaves) {
  const n = splits.length, feature = new Int32Array(n).fill(-1), threshold = new Float64Array(n);
  const right = new Int32Array(n), value = new Int32Array(n);
  /** @type {number[]} */
  const roots = [], waiting = /** @type {number[]} */ ([]);
  let next = 0, leftOf = -1; // a node's left branch follows it; right ones wait
  splits.forEach((code, node) => {
    if (leftOf >= 0) leftOf = -1;
    else if (waiting.length) right[/** @type {number} */ (waiting.pop())] = node;
    else roots.push(node);
    if (code < 0) { value[node] = leaves[next++]; return; }
    feature[node] = Math.floor(code / MOST);
    threshold[node] = thresholds[feature[node]][code % MOST];
    waiting.push(node);
    leftOf = node;
  });
  return { feature, threshold, right, value, roots };
}

/**
 * The sum over all trees of the leaves that x falls into.
 * @type {(trees: Trees, x: ArrayLike<number>) => number}
 */
export function sumOf({ feature, threshold, right, value, roots }, x) {
  let sum = 0;
  for (let node of roots) {
    while (feature[node] >= 0) node = x[feature[node]] > threshold[node] ? right[node] : node + 1;
    sum += value[node];
  }
  return sum;
}

/**
 * exp(x) for x in [-10, 10], from sums and products alone: the same to the last bit in every language.
 * @type {(x: number) => number}
 */
export function exponential(x) {
  const y = x / 1024;
  let power = 1 + y * (1 + (y / 2) * (1 + (y / 3) * (1 + (y / 4) * (1 + y / 5))));
  for (let i = 0; i < 10; i++) power *= power;
  return power;
}
