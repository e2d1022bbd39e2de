// Could all of it be luck? The twin of arbook/noise/luck.py.
import { normalCdf, normalPdf } from "./normal.js";

const REACH = 12, NODES = 400; // of the sum over the baseline's own luck, in noises

/**
 * How likely so large a logged gain is among n variants of which none has any effect.
 * @type {(gain: number, n: number, noise: number) => number}
 */
export function probabilityOfLuck(gain, n, noise) {
  const width = (2 * REACH) / (NODES - 1);
  let sum = 0;
  for (let i = 0; i < NODES; i++) {
    const z = i * width - REACH;
    sum += normalPdf(z) * width * (1 - normalCdf(gain / noise - z) ** n);
  }
  return sum;
}
