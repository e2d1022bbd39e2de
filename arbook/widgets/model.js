// The mathematics of the book in JavaScript: the only module of the front end that knows it.
//
// Every function is the twin of the Python function of the same name (keep_probability is
// keepProbability): tests/test_js_parity.py runs both on thousands of parameter sets. `p` is
// { sigma0, gamma, mu }; `t` and `n` are plain numbers, and experiments count from 0, so that
// experiment t has step sigma_t and leads to F(t+1). Nothing here touches the page.

const SMALLEST_STEP = 1e-290;
const LARGEST_STEP = 1e100;
const SQRT_2PI = Math.sqrt(2 * Math.PI);

// ---------------------------------------------------------------- the standard normal

// W. J. Cody, "Rational Chebyshev approximations for the error function",
// Mathematics of Computation 23, 631-637, 1969: coefficients of the three ranges.
const ERF_P = [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
const ERF_Q = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
const MID_P = [2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3];
const MID_Q = [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3];
const FAR_P = [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4];
const FAR_Q = [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

function ratio(top, bottom, x) {
  let a = top[0], b = bottom[0];
  for (let i = 1; i < top.length; i++) { a = a * x + top[i]; b = b * x + bottom[i]; }
  return a / b;
}

// exp(-x*x), with x*x taken apart: its rounding error would be amplified by the exponential.
function gaussian(x) {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

// erfc(x) * exp(x*x) for x > 0.46875.
function scaledErfc(x) {
  if (x <= 4) return ratio(MID_P, MID_Q, x);
  const r = 1 / (x * x);
  return (1 / Math.sqrt(Math.PI) - r * ratio(FAR_P, FAR_Q, r)) / x;
}

function erfc(x) {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - x * ratio(ERF_P, ERF_Q, x * x);
  if (y > 40) return x > 0 ? 0 : 2;
  const tail = gaussian(y) * scaledErfc(y);
  return x > 0 ? tail : 2 - tail;
}

/** Distribution function of the standard normal, accurate in the lower tail. */
export function normalCdf(x) {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/** Density of the standard normal. */
export function normalPdf(x) {
  return gaussian(x * Math.SQRT1_2) / SQRT_2PI;
}

// (1 - Phi(x)) / phi(x) for x >= 0.
function millsRatio(x) {
  const y = x * Math.SQRT1_2;
  if (y <= 0.46875) return (1 - normalCdf(x)) / normalPdf(x);
  return Math.sqrt(Math.PI / 2) * scaledErfc(y);
}

// E[max(0, Z + a)] and its variance for a standard normal Z: improvements in units of the step.
function unitMean(a) {
  if (a >= 0) return a * normalCdf(a) + normalPdf(a);
  return normalPdf(a) * (1 + a * millsRatio(-a));
}

function unitVariance(a) {
  if (a >= 0) {
    // E[I^2] - E[I]^2 would cancel once a is large; this form tends to 1.
    const q = normalCdf(-a), d = normalPdf(a), rest = d - a * q;
    return 1 - q + a * a * q - a * d - rest * rest;
  }
  const mean = unitMean(a);
  return normalPdf(a) * ((a * a + 1) * millsRatio(-a) + a) - mean * mean;
}

// ---------------------------------------------------------------- laws

/** Step size sigma_t = sigma0 * gamma^t, kept within [1e-290, 1e100]. */
export function stepSize(p, t) {
  const exponent = Math.log(p.sigma0) + t * Math.log(p.gamma);
  if (exponent > Math.log(SMALLEST_STEP) && exponent < Math.log(LARGEST_STEP)) return p.sigma0 * Math.pow(p.gamma, t);
  return Math.exp(Math.min(Math.max(exponent, Math.log(SMALLEST_STEP)), Math.log(LARGEST_STEP)));
}

/** Pr[KEEP at t] = Phi(-mu / sigma_t). */
export function keepProbability(p, t) {
  return normalCdf(-p.mu / stepSize(p, t));
}

/** E[I_t] = m Phi(a_t) + sigma_t phi(a_t), with m = -mu and a_t = m / sigma_t. */
export function expectedImprovement(p, t) {
  const sigma = stepSize(p, t);
  return sigma * unitMean(-p.mu / sigma);
}

/** Var[I_t]. */
export function improvementVariance(p, t) {
  const sigma = stepSize(p, t);
  return sigma * sigma * unitVariance(-p.mu / sigma);
}

/** E[F(n)] for n = 0 ... nMax, as a Float64Array of nMax + 1 values. */
export function expectedFrontiers(p, nMax, f0 = 1) {
  const out = new Float64Array(nMax + 1);
  let gain = 0;
  out[0] = f0;
  for (let t = 0; t < nMax; t++) { gain += expectedImprovement(p, t); out[t + 1] = f0 - gain; }
  return out;
}

/** E[F(n)] = f0 - sum of E[I_t] over t < n. */
export function expectedFrontier(p, n, f0 = 1) {
  return expectedFrontiers(p, n, f0)[n];
}

/** Standard deviation of F(n). */
export function frontierStd(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += improvementVariance(p, t);
  return Math.sqrt(sum);
}

/** E[A_n] = sum of (n - t) E[I_t] over t < n. */
export function expectedGainArea(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (n - t) * expectedImprovement(p, t);
  return sum;
}

/** Standard deviation of A_n. */
export function gainAreaStd(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (n - t) ** 2 * improvementVariance(p, t);
  return Math.sqrt(sum);
}

/** E[A_n] for mu = 0: sigma0 / sqrt(2 pi) * sum of (n - t) gamma^t. */
export function symmetricGainArea(sigma0, gamma, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (n - t) * Math.pow(gamma, t);
  return (sigma0 / SQRT_2PI) * sum;
}

/** Expected number of keeps in n experiments. */
export function expectedKeeps(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += keepProbability(p, t);
  return sum;
}

/** Standard deviation of the number of keeps in n experiments. */
export function keepsStd(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) { const a = -p.mu / stepSize(p, t); sum += normalCdf(a) * normalCdf(-a); }
  return Math.sqrt(sum);
}

/** Pr[F(n) = f0]: nothing was kept in n experiments. */
export function noKeepProbability(p, n) {
  let log = 0;
  for (let t = 0; t < n; t++) log += Math.log(normalCdf(p.mu / stepSize(p, t)));
  return Math.exp(log);
}

/** Pr[at least one of k] = 1 - (1 - p)^k for one variant's keep probability. */
export function anyKeepProbability(keepProb, k) {
  return -Math.expm1(k * Math.log1p(-keepProb));
}

// Gauss-Legendre nodes and weights on [-1, 1], by Newton's method on the Legendre polynomial.
function gaussLegendre(n) {
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
const NODES = gaussLegendre(16);

/** E[improvement of a round of k variants], the integral of 1 - Phi((x - m)/sigma)^k over x > 0. */
export function expectedBestImprovement(p, t, k) {
  const sigma = stepSize(p, t), a = -p.mu / sigma;
  const low = Math.max(-a, -9); // below -9 the integrand is 1
  const high = Math.sqrt(Math.max(low, 0) ** 2 + 90 + 2 * Math.log(k)); // above, it is nothing
  const panels = Math.ceil(high - low), width = (high - low) / panels;
  let sum = 0;
  for (let i = 0; i < panels; i++) {
    for (const [x, weight] of NODES) sum += weight * anyKeepProbability(normalCdf(-(low + width * (i + 0.5 + x / 2))), k);
  }
  return sigma * (low + a + (sum * width) / 2);
}

// ---------------------------------------------------------------- simulated runs

/**
 * Frontiers of simulated runs: rows of n + 1 values, F(t+1) = F(t) + min(delta_t, 0).
 * `z` holds standard normals, a row of at least n for each run, `stride` apart.
 */
export function simulatePaths(p, n, z, nRuns, f0 = 1, stride = n) {
  const out = new Float64Array(nRuns * (n + 1)), steps = new Float64Array(n);
  for (let t = 0; t < n; t++) steps[t] = stepSize(p, t);
  for (let run = 0, o = 0; run < nRuns; run++, o++) {
    let f = f0;
    out[o] = f0;
    for (let t = 0; t < n; t++) {
      const delta = p.mu + steps[t] * z[run * stride + t];
      if (delta < 0) f += delta;
      out[++o] = f;
    }
  }
  return out;
}

/** Gain area of one frontier: the sum of f0 - F(t) over t = 1 ... n. */
export function gainArea(frontier, f0 = frontier[0]) {
  let sum = 0;
  for (let t = 1; t < frontier.length; t++) sum += f0 - frontier[t];
  return sum;
}

// ---------------------------------------------------------------- seeded draws

// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011):
// a number is a function of (seed, stream, row, column) alone, so the same seed draws the same
// picture in every browser and in Python (arbook/widgets/_draws.py), and a longer run begins like
// a shorter one.
function mulhi(a, b) {
  const al = a & 0xffff, ah = a >>> 16, bl = b & 0xffff, bh = b >>> 16;
  const mid = ah * bl + ((al * bl) >>> 16), low = al * bh + (mid & 0xffff);
  return (ah * bh + Math.floor(mid / 65536) + Math.floor(low / 65536)) >>> 0;
}

/** Ten rounds of Philox4x32 on counter [c0..c3] and key [k0, k1], written to out[0..3]. */
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

/** Uniforms in [0, 1) with 53 bits: nRows rows of n (an even column and the next share a block). */
export function uniforms(seed, nRows, n, stream = 0) {
  const out = new Float64Array(nRows * n), words = new Uint32Array(4);
  for (let row = 0; row < nRows; row++) {
    for (let t = 0; t < n; t += 2) {
      philox(t / 2, row, stream, 0, seed >>> 0, 0, words);
      out[row * n + t] = ((words[0] >>> 5) * 67108864 + (words[1] >>> 6)) / 9007199254740992;
      if (t + 1 < n) out[row * n + t + 1] = ((words[2] >>> 5) * 67108864 + (words[3] >>> 6)) / 9007199254740992;
    }
  }
  return out;
}

/** Standard normals (Box-Muller), nRows rows of n. */
export function normals(seed, nRows, n, stream = 0) {
  const even = n + (n % 2), u = uniforms(seed, nRows, even, stream), out = new Float64Array(nRows * n);
  for (let row = 0; row < nRows; row++) {
    for (let t = 0; t < n; t += 2) {
      const radius = Math.sqrt(-2 * Math.log1p(-u[row * even + t])), angle = 2 * Math.PI * u[row * even + t + 1];
      out[row * n + t] = radius * Math.cos(angle);
      if (t + 1 < n) out[row * n + t + 1] = radius * Math.sin(angle);
    }
  }
  return out;
}

// ---------------------------------------------------------------- distribution of the frontier

// A radix-2 Fourier transform of one length, in place; twiddles and order are made once.
function makeFft(size) {
  const cos = new Float64Array(size / 2), sin = new Float64Array(size / 2), order = new Uint32Array(size);
  const bits = Math.log2(size);
  for (let i = 0; i < size / 2; i++) { cos[i] = Math.cos((2 * Math.PI * i) / size); sin[i] = Math.sin((2 * Math.PI * i) / size); }
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
function lattice(size) {
  if (!lattices.has(size)) {
    const array = () => new Float64Array(size);
    lattices.set(size, { fft: makeFft(size), re: array(), im: array(), sumRe: array(), sumIm: array() });
  }
  return lattices.get(size);
}

// E[max(0, X - x)] for X normal with mean m and deviation sigma.
function excess(x, m, sigma) {
  return sigma * unitMean((m - x) / sigma);
}

// Add the law of I_t to `mass`, each value shared between its two lattice neighbours so that the
// mean stays exact; positions wrap around.
function spread(mass, size, h, m, sigma) {
  const first = Math.max(0, Math.floor((m - 9 * sigma) / h)), last = Math.max(first, Math.ceil((m + 9 * sigma) / h)) + 1;
  let here = excess(first * h, m, sigma), next = excess((first + 1) * h, m, sigma);
  let above = (here - next) / h; // Pr-like weight above `first`
  mass[first % size] += 1 - above;
  for (let j = first + 1; j <= last; j++) {
    here = next;
    next = excess((j + 1) * h, m, sigma);
    const rest = (here - next) / h;
    mass[j % size] += above - rest;
    above = rest;
  }
  mass[(last + 1) % size] += above;
}

/**
 * Quantiles of F(n) for each n of the ascending list `ns`: a row of `probabilities.length` values for each.
 *
 * The improvements are put on a wrapped lattice of `points` that is wide enough for the sum's
 * spread; Fourier transforms multiply, and the result is stretched about the exact mean to the
 * exact deviation.
 */
export function frontierQuantiles(p, ns, probabilities, f0 = 1, points = 1024) {
  const nMax = ns[ns.length - 1], half = points / 2, out = [];
  const means = expectedFrontiers(p, nMax, 0);
  const h = Math.max((20 * frontierStd(p, nMax)) / points, Number.MIN_VALUE);
  const { fft, re, im, sumRe, sumIm } = lattice(points);
  sumRe.fill(1); sumIm.fill(0);
  let variance = 0, none = 1, wanted = 0;
  for (; ns[wanted] === 0; wanted++) out.push(probabilities.map(() => f0));
  const multiply = (k, x, y) => {
    const a = sumRe[k], b = sumIm[k];
    sumRe[k] = a * x - b * y; sumIm[k] = a * y + b * x;
  };
  for (let t = 0; t < nMax; t++) {
    if (t % 2 === 0) { // two real sequences in one complex transform
      re.fill(0); im.fill(0);
      spread(re, points, h, -p.mu, stepSize(p, t));
      if (t + 1 < nMax) spread(im, points, h, -p.mu, stepSize(p, t + 1));
      fft(re, im);
    }
    for (let k = 0; k <= half; k++) {
      const j = (points - k) % points;
      if (t % 2 === 0) multiply(k, (re[k] + re[j]) / 2, (im[k] - im[j]) / 2);
      else multiply(k, (im[k] + im[j]) / 2, (re[j] - re[k]) / 2);
    }
    variance += improvementVariance(p, t);
    none *= 1 - keepProbability(p, t);
    if (ns[wanted] !== t + 1) continue;
    const row = quantilesOfSum(-means[t + 1], Math.sqrt(variance), none, h, points, probabilities.map((q) => 1 - q));
    for (; ns[wanted] === t + 1; wanted++) out.push(row.map((gain) => f0 - gain));
    if (t % 2 === 0 && t + 1 < nMax) { // the inverse transform used the buffers: fill them again
      re.fill(0); im.fill(0);
      spread(im, points, h, -p.mu, stepSize(p, t + 1));
      fft(re, im);
    }
  }
  return out;
}

// Quantiles of the gain whose transform is in the lattice's sums.
function quantilesOfSum(mean, std, none, h, points, probabilities) {
  const { fft, re, im, sumRe, sumIm } = lattice(points), half = points / 2;
  for (let k = 0; k <= half; k++) { // the inverse transform is the transform of the conjugate
    const j = (points - k) % points;
    re[k] = sumRe[k] / points; im[k] = -sumIm[k] / points;
    re[j] = re[k]; im[j] = -im[k];
  }
  im[0] = 0; im[half] = 0;
  fft(re, im);
  const start = Math.floor(mean / h) - half, at = (i) => (((start + i) % points) + points) % points;
  let total = 0, second = 0;
  for (let i = 0; i < points; i++) {
    const mass = Math.max(re[at(i)], 0);
    total += mass;
    second += mass * ((start + i) * h - mean) ** 2;
  }
  const stretch = std / Math.sqrt(second / total);
  return probabilities.map((q) => {
    if (q <= none) return 0;
    let below = 0, i = 0;
    for (; i < points; i++) {
      const mass = Math.max(re[at(i)], 0) / total;
      if (below + mass >= q) { i += (q - below) / mass - 0.5; break; }
      below += mass;
    }
    return Math.max(0, mean + ((start + i) * h - mean) * stretch);
  });
}
