// Sums of improvements on a lattice, by Fourier transforms: the twin of arbook/_numerics/lattice.py.
import { positivePart } from "./normal.js";

/**
 * @typedef {{ fft: (re: Float64Array, im: Float64Array) => void, re: Float64Array, im: Float64Array,
 *   sumRe: Float64Array, sumIm: Float64Array }} Lattice
 */

/**
 * A radix-2 Fourier transform of one length, in place; twiddles and order are made once.
 * @type {(size: number) => (re: Float64Array, im: Float64Array) => void}
 */
function makeFft(size) {
  const cos = new Float64Array(size / 2), sin = new Float64Array(size / 2), order = new Uint32Array(size);
  const bits = Math.log2(size);
  for (let i = 0; i < size / 2; i++) {
    cos[i] = Math.cos((2 * Math.PI * i) / size);
    sin[i] = Math.sin((2 * Math.PI * i) / size);
  }
  for (let i = 0; i < size; i++) for (let b = 0; b < bits; b++) order[i] |= ((i >> b) & 1) << (bits - 1 - b);
  return (re, im) => {
    for (let i = 0; i < size; i++) {
      const j = order[i];
      if (j > i) { let x = re[i]; re[i] = re[j]; re[j] = x; x = im[i]; im[i] = im[j]; im[j] = x; }
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let i = start, w = 0; i < start + half; i++, w += stride) {
          const j = i + half, c = cos[w], s = sin[w];
          const x = re[j] * c + im[j] * s, y = im[j] * c - re[j] * s;
          re[j] = re[i] - x; im[j] = im[i] - y; re[i] += x; im[i] += y;
        }
      }
    }
  };
}

const lattices = new Map(); // buffers by size, reused by every redraw

/** @type {(size: number) => Lattice} */
export function lattice(size) {
  if (!lattices.has(size)) {
    const array = () => new Float64Array(size);
    lattices.set(size, { fft: makeFft(size), re: array(), im: array(), sumRe: array(), sumIm: array() });
  }
  return lattices.get(size);
}

/**
 * Add the law of I_t to `mass`, each value shared between its two lattice neighbours so that the
 * mean stays exact; positions wrap around.
 * @type {(mass: Float64Array, size: number, h: number, m: number, sigma: number) => void}
 */
export function addImprovement(mass, size, h, m, sigma) {
  const first = Math.max(0, Math.floor((m - 9 * sigma) / h));
  const last = Math.max(first, Math.ceil((m + 9 * sigma) / h)) + 1;
  let here = positivePart(m - first * h, sigma), next = positivePart(m - (first + 1) * h, sigma);
  let above = (here - next) / h; // Pr-like weight above `first`
  mass[first % size] += 1 - above;
  for (let j = first + 1; j <= last; j++) {
    here = next;
    next = positivePart(m - (j + 1) * h, sigma);
    const rest = (here - next) / h;
    mass[j % size] += above - rest;
    above = rest;
  }
  mass[(last + 1) % size] += above;
}

/**
 * Quantiles of the gain whose transform is in the lattice's sums.
 * @type {(mean: number, std: number, none: number, skew: number, h: number, points: number,
 *   probabilities: number[]) => number[]}
 */
export function quantilesOfSum(mean, std, none, skew, h, points, probabilities) {
  const { fft, re, im, sumRe, sumIm } = lattice(points), half = points / 2;
  for (let k = 0; k <= half; k++) { // the inverse transform is the transform of the conjugate
    const j = (points - k) % points;
    re[k] = sumRe[k] / points; im[k] = -sumIm[k] / points;
    re[j] = re[k]; im[j] = -im[k];
  }
  im[0] = 0; im[half] = 0;
  fft(re, im);
  const start = Math.max(0, Math.floor(mean / h) - half);
  const mass = new Float64Array(points); // not below 0 by rounding
  for (let i = 0; i < points; i++) mass[i] = Math.max(re[(start + i) % points], 0);
  let total = 0, second = 0, third = 0;
  for (let i = 0; i < points; i++) {
    const x = (start + i) * h - mean;
    total += mass[i]; second += mass[i] * x ** 2; third += mass[i] * x ** 3;
  }
  // Sharing between neighbours widens the law a little; the stretch about the mean undoes it.
  const stretch = std / Math.sqrt(second / total + (1 - none) * (h * h) / 12);
  // Sharing adds a variance of h^2/6 to gains and none to the 0 of a discard, which adds `skew` to the
  // third moment; the stretch takes some away. Cornish and Fisher's term mends what is left,
  // but only of laws that are close to a normal one.
  const bend = none > 1e-4 ? 0 : ((third / total) * (stretch ** 3 - 1) + skew) / (6 * std ** 3);
  if (start === 0) mass[0] = Math.max(mass[0] - none * total, 0); // the atom at 0 has no width
  return probabilities.map((q) => {
    let below = start === 0 ? none : 0, i = 0;
    if (q <= below) return 0;
    for (; i < points; i++) {
      const share = mass[i] / total;
      if (below + share >= q) { i += (q - below) / share - 0.5; break; }
      below += share;
    }
    const z = (((start + i) * h - mean) * stretch) / std;
    return Math.max(0, mean + std * (z - bend * (z * z - 1)));
  });
}
