// Boosted trees as numbers: the twin of arbook/laboratory/trees.py.

const MOST = 64; // a split is written as feature times this, plus the place of its threshold

/**
 * Trees by the tests of their nodes, those of a feature together, by threshold: x is above the first of them, and each
 * of these shuts the leaves on the left of its node. The first that stays open is where x falls. So no step waits for
 * the one before, as on a way down a tree (QuickScorer: Lucchese and others, 2015). A test is one word: its tree times
 * 2¹⁶, and below that a bit for each leaf that it shuts, the first leaf's the highest; a tree has at most 16. The tests
 * of a feature begin at its `first`, the leaves of a tree at its `start`.
 * @typedef {{ first: Int32Array, threshold: Float64Array, tests: Int32Array, start: Int32Array, leaves: Int32Array,
 *   shut: Int32Array }} Trees
 */

/**
 * Read trees, each node before its left branch and that before its right one: splits are -1 for a leaf, and leaves are
 * integers.
 * @type {(thresholds: number[][], splits: number[], leaves: number[]) => Trees}
 */
export function trees(thresholds, splits, leaves) {
  /** @typedef {{ feature: number, threshold: number, tree: number, from: number, to: number }} Node */
  const nodes = /** @type {Node[]} */ ([]), start = /** @type {number[]} */ ([]);
  const waiting = /** @type {Node[]} */ ([]); // for their right branch
  let leaf = 0, isLeft = false;
  for (const code of splits) {
    const above = isLeft ? undefined : waiting.pop();
    if (above) above.to = leaf;
    else if (!isLeft) start.push(leaf);
    isLeft = code >= 0;
    if (isLeft) {
      const feature = Math.floor(code / MOST), threshold = thresholds[feature][code % MOST];
      waiting.push({ feature, threshold, tree: start.length - 1, from: leaf, to: leaf });
      nodes.push(waiting[waiting.length - 1]);
    } else leaf++;
  }
  nodes.sort((a, b) => a.feature - b.feature || a.threshold - b.threshold);
  const first = new Int32Array(thresholds.length + 1);
  for (const { feature } of nodes) first[feature + 1]++;
  for (let i = 0; i < thresholds.length; i++) first[i + 1] += first[i];
  /** @type {(node: Node) => number} */
  const test = ({ tree, from, to }) => {
    return (tree << 16) | ((0xffff >> (from - start[tree])) & ~(0xffff >> (to - start[tree])));
  };
  return {
    first, threshold: Float64Array.from(nodes, (node) => node.threshold), tests: Int32Array.from(nodes, test),
    start: Int32Array.from(start), leaves: Int32Array.from(leaves), shut: new Int32Array(start.length),
  };
}

/**
 * The sum over all trees of the leaves that x falls into.
 * @type {(trees: Trees, x: ArrayLike<number>) => number}
 */
export function sumOf({ first, threshold, tests, start, leaves, shut }, x) {
  shut.fill(0);
  for (let i = 0; i + 1 < first.length; i++) {
    let end = first[i], above = first[i + 1];
    while (end < above) {
      const middle = (end + above) >> 1;
      if (x[i] > threshold[middle]) end = middle + 1;
      else above = middle;
    }
    for (let k = first[i]; k < end; k++) shut[tests[k] >> 16] |= tests[k];
  }
  let sum = 0;
  for (let i = 0; i < start.length; i++) sum += leaves[start[i] + Math.clz32(~(shut[i] << 16))]; // without the tree
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
