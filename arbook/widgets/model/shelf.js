// A shelf of programs (arbook/programs/shelf.py), as the meta-optimisation explorer draws it.
import { normals, uniforms } from "./draws.js";
import { symmetricGainArea } from "./totals.js";

/** @import { Parameters } from "./parameters.js" */

/** The program that those of a shelf are scattered about, and its E[A_100]. */
export const USUAL = { sigma0: 0.01, gamma: 0.97, mu: 0 };
export const USUAL_AREA = symmetricGainArea(USUAL.sigma0, USUAL.gamma, 100);

/**
 * A shelf of `size` programs without bias. The logarithms of their E[A_100] are normal about that of the usual
 * program, with deviation `spread`; each has its own decay rate, and the step size that gives it its E[A_100].
 * @type {(seed: number, size: number, spread: number) => Parameters[]}
 */
export function makeShelf(seed, size, spread) {
  const stream = 100 + 2 * Math.floor(1000 * spread + 0.5); // another spread is another shelf
  const u = uniforms(seed, size, 1, stream), z = normals(seed, size, 1, stream + 1);
  return Array.from(u, (value, i) => {
    const gamma = 0.93 + 0.06 * value;
    return { sigma0: (USUAL_AREA * Math.exp(spread * z[i])) / symmetricGainArea(1, gamma, 100), gamma, mu: 0 };
  });
}
