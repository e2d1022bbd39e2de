// Seeded draws: the twin of tests/draws.py.

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011):
 * a number is a function of (seed, stream, row, column) alone, so the same seed draws the same
 * picture in every browser and in Python (tests/draws.py), and a longer run begins like
 * a shorter one.
 * @type {(a: number, b: number) => number}
 */
function mulhi(a, b) {
  const al = a & 0xffff, ah = a >>> 16, bl = b & 0xffff, bh = b >>> 16;
  const mid = ah * bl + ((al * bl) >>> 16), low = al * bh + (mid & 0xffff);
  return (ah * bh + Math.floor(mid / 65536) + Math.floor(low / 65536)) >>> 0;
}

/**
 * Ten rounds of Philox4x32 on counter [c0..c3] and key [k0, k1], written to out[0..3].
 * @type {(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array) => Uint32Array}
 */
export function philox(c0, c1, c2, c3, k0, k1, out) {
  for (let round = 0; round < 10; round++) {
    const h0 = mulhi(0xd2511f53, c0), l0 = Math.imul(0xd2511f53, c0) >>> 0;
    const h1 = mulhi(0xcd9e8d57, c2), l1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (h1 ^ c1 ^ k0) >>> 0; c1 = l1; c2 = (h0 ^ c3 ^ k1) >>> 0; c3 = l0;
    k0 = (k0 + 0x9e3779b9) >>> 0; k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0; out[1] = c1; out[2] = c2; out[3] = c3;
  return out;
}

/**
 * Uniforms in [0, 1) with 53 bits: nRows rows of n from row `first` on (an even column and the next share a block).
 * @type {(seed: number, nRows: number, n: number, stream?: number, first?: number) => Float64Array}
 */
export function uniforms(seed, nRows, n, stream = 0, first = 0) {
  const out = new Float64Array(nRows * n), words = new Uint32Array(4);
  for (let row = 0; row < nRows; row++) {
    for (let t = 0; t < n; t += 2) {
      philox(t / 2, first + row, stream, 0, seed >>> 0, 0, words);
      out[row * n + t] = ((words[0] >>> 5) * 67108864 + (words[1] >>> 6)) / 9007199254740992;
      if (t + 1 < n) out[row * n + t + 1] = ((words[2] >>> 5) * 67108864 + (words[3] >>> 6)) / 9007199254740992;
    }
  }
  return out;
}

/**
 * Standard normals (Box-Muller), nRows rows of n from row `first` on.
 * @type {(seed: number, nRows: number, n: number, stream?: number, first?: number) => Float64Array}
 */
export function normals(seed, nRows, n, stream = 0, first = 0) {
  const even = n + (n % 2), u = uniforms(seed, nRows, even, stream, first), out = new Float64Array(nRows * n);
  for (let row = 0; row < nRows; row++) {
    for (let t = 0; t < n; t += 2) {
      const radius = Math.sqrt(-2 * Math.log1p(-u[row * even + t])), angle = 2 * Math.PI * u[row * even + t + 1];
      out[row * n + t] = radius * Math.cos(angle);
      if (t + 1 < n) out[row * n + t + 1] = radius * Math.sin(angle);
    }
  }
  return out;
}
