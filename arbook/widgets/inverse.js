// Where a curve that is dragged leads: the value of a parameter at which something has a given size.

/**
 * The value between `low` and `high`, on a scale of ratios, at which a rising `f` is `target`; an end if it is beyond.
 * @type {(f: (value: number) => number, target: number, low: number, high: number) => number}
 */
export function whereIs(f, target, low, high) {
  let [a, b] = [low, high];
  for (let i = 0; i < 40; i++) {
    const middle = Math.sqrt(a * b);
    if (f(middle) < target) a = middle; else b = middle;
  }
  return Math.sqrt(a * b);
}

/** The slider of a parameter, which a drag may not leave. */
export function rangeOf(/** @type {import("./panel.js").Panel} */ panel, /** @type {string} */ name) {
  return panel.spec.parameters.find((p) => p.name === name);
}
