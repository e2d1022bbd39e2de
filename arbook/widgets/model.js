// The mathematics of the book in JavaScript: the only module of the front end that knows it.
//
// Every function is the twin of the Python function of the same name (keep_probability is
// keepProbability): tests/test_js_parity.py runs both on thousands of parameter sets. `p` is
// { sigma0, gamma, mu }; `t` and `n` are plain numbers, and experiments count from 0, so that
// experiment t has step sigma_t and leads to F(t+1). Nothing here touches the page.

const SMALLEST_STEP = 1e-290;
const LARGEST_STEP = 1e100;
const FAR = 1e3; // ratios are clipped to it
const CERTAIN = 9; // from this many deviations on a normal has its sign for certain
const SQRT_2PI = Math.sqrt(2 * Math.PI);
const NORMAL_95 = 1.959963984540054; // a normal lies within so many deviations with 95 %

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

// E[(Z - b)^+] and E[((Z - b)^+)^2] for a standard normal Z and b >= 0.
function tailMean(b) {
  return normalPdf(b) * (1 - b * millsRatio(b));
}
function tailSquare(b) {
  return normalPdf(b) * ((1 + b * b) * millsRatio(b) - b);
}

// mean / std, clipped: beyond FAR deviations every tail is 0, and nothing overflows when squared.
function clippedRatio(mean, std) {
  return Math.min(Math.max(mean / std, -FAR), FAR);
}

/** E[max(0, X)] of a normal X, without cancellation. */
export function positivePart(mean, std) {
  return Math.max(mean, 0) + std * tailMean(Math.abs(clippedRatio(mean, std)));
}

/** Var[max(0, X)] of a normal X with mean a and deviation 1. E[I^2] - E[I]^2 would cancel once a is large. */
export function positivePartVariance(a) {
  const b = Math.abs(a), mean = tailMean(b);
  return a < 0 ? tailSquare(b) - mean * mean : normalCdf(a) - mean * (b + mean);
}

// ---------------------------------------------------------------- laws

/** Step size sigma_t = sigma0 * gamma^t, kept within [1e-290, 1e100]. */
export function stepSize(p, t) {
  const exponent = Math.log(p.sigma0) + t * Math.log(p.gamma);
  if (exponent > Math.log(SMALLEST_STEP) && exponent < Math.log(LARGEST_STEP)) return p.sigma0 * Math.pow(p.gamma, t);
  return Math.exp(Math.min(Math.max(exponent, Math.log(SMALLEST_STEP)), Math.log(LARGEST_STEP)));
}

/** Density of the change delta_t at x. */
export function changeDensity(p, t, x) {
  const sigma = stepSize(p, t);
  return normalPdf((x - p.mu) / sigma) / sigma;
}

/** Experiments after which the step is half as large: ln 2 / ln(1 / gamma); never, for gamma >= 1. */
export function halfLife(gamma) {
  return gamma < 1 ? Math.LN2 / -Math.log(gamma) : Infinity;
}

/** The sum of the steps of an endless run: sigma0 / (1 - gamma). */
export function reach(p) {
  return p.gamma < 1 ? p.sigma0 / (1 - p.gamma) : Infinity;
}

/** The experiment, not a whole number, whose step is `sigma`. */
export function experimentOfStep(p, sigma) {
  return Math.log(sigma / p.sigma0) / Math.log(p.gamma);
}

/** a_t = -mu / sigma_t: where 0 lies, in deviations from the mean of delta_t. */
export function skill(p, t) {
  return clippedRatio(-p.mu, stepSize(p, t));
}

/** Pr[KEEP at t] = Phi(a_t). */
export function keepProbability(p, t) {
  return normalCdf(skill(p, t));
}

/** E[I_t] = m Phi(a_t) + sigma_t phi(a_t), with m = -mu. */
export function expectedImprovement(p, t) {
  return positivePart(-p.mu, stepSize(p, t));
}

/** Standard deviation of I_t. */
export function improvementStd(p, t) {
  return stepSize(p, t) * Math.sqrt(positivePartVariance(skill(p, t)));
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

// The root of the sum of (w(t) std[I_t])^2 over t < n, scaled: the square of a tiny step would be 0.
function weightedStd(p, n, weight) {
  const scale = Math.max(stepSize(p, 0), stepSize(p, n));
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (weight(t) * (improvementStd(p, t) / scale)) ** 2;
  return scale * Math.sqrt(sum);
}

/** Standard deviation of F(n). */
export function frontierStd(p, n) {
  return weightedStd(p, n, () => 1);
}

/** E[A_n] = sum of (n - t) E[I_t] over t < n. */
export function expectedGainArea(p, n) {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += (n - t) * expectedImprovement(p, t);
  return sum;
}

/** Standard deviation of A_n. */
export function gainAreaStd(p, n) {
  return weightedStd(p, n, (t) => n - t);
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
  for (let t = 0; t < n; t++) { const a = skill(p, t); sum += normalCdf(a) * normalCdf(-a); }
  return Math.sqrt(sum);
}

/** Pr[F(n) = f0]: nothing was kept in n experiments. */
export function noKeepProbability(p, n) {
  let log = 0;
  for (let t = 0; t < n; t++) log += Math.log(normalCdf(-skill(p, t)));
  return Math.exp(log);
}

/** Pr[at least one of k] = 1 - (1 - p)^k for one variant's keep probability. */
export function anyKeepProbability(keepProb, k) {
  return 0 - Math.expm1(k * Math.log1p(-keepProb));
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

/**
 * E[improvement of a round of k variants], the integral of 1 - Phi(u)^k over u > -a. With a correlation,
 * its lower end becomes soft: a factor Phi((a + own u) / common) over all u; k may be any real number >= 1.
 */
export function expectedBestImprovement(p, t, k, correlation = 0) {
  const sigma = stepSize(p, t), a = skill(p, t), common = Math.sqrt(correlation), own = Math.sqrt(1 - correlation);
  if (own < 1e-9) return expectedImprovement(p, t);
  const turn = -a / own, soft = common / own;
  const low = Math.max(turn - 39 * soft, -CERTAIN); // below -CERTAIN no k variants are that bad
  const high = Math.sqrt(Math.max(-a * own, correlation ? -CERTAIN : turn, 0) ** 2 + 90 + 2 * Math.log(k)) + (correlation ? CERTAIN : 0); // above, it is nothing
  const edges = [low, high];
  for (let u = Math.ceil(low); u < high; u++) edges.push(u);
  if (correlation) for (let d = Math.min(soft, 1); d < 1; d *= 4) for (const u of [turn - d, turn, turn + d]) if (u > low && u < high) edges.push(u);
  edges.sort((x, y) => x - y);
  let sum = 0;
  for (let i = 1; i < edges.length; i++) {
    const half = (edges[i] - edges[i - 1]) / 2, centre = edges[i] - half;
    for (const [x, weight] of NODES) {
      const u = centre + half * x, open = correlation ? normalCdf((a + own * u) / common) : 1;
      sum += weight * half * open * anyKeepProbability(normalCdf(-u), k);
    }
  }
  const below = -p.mu + sigma * own * Math.min(low, 0); // the mean of the part that all of them exceed
  return (correlation ? positivePart(below, sigma * common) : Math.max(below, 0)) + sigma * own * sum;
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

/** Share of simulated runs that keep experiment t, for t = 0 ... n - 1; `z` as for simulatePaths. */
export function keepFrequencies(p, n, z, nRuns, stride = n) {
  return Float64Array.from({ length: n }, (_, t) => {
    const limit = skill(p, t);
    let keeps = 0;
    for (let run = 0; run < nRuns; run++) if (z[run * stride + t] < limit) keeps++;
    return keeps / nRuns;
  });
}

/** Between which ends such a share lies with 95 %, by the normal law: { low, high }. */
export function frequencyBand(prob, nRuns) {
  const half = NORMAL_95 * Math.sqrt((prob * (1 - prob)) / nRuns);
  return { low: Math.max(prob - half, 0), high: Math.min(prob + half, 1) };
}

/** The update rule: KEEP exactly when the variant is strictly better. A crash, NaN or infinite, is never kept. */
export function keep(fVariant, fBest) {
  return Number.isFinite(fVariant) && fVariant < fBest;
}

/**
 * One run of the update rule whose metric is read to `digits` decimals: { value, kept, frontier },
 * row 0 the baseline. `z` holds standard normals; experiment t crashes where u[t] < crashRate.
 */
export function autoresearch(p, n, z, u, { crashRate = 0, digits = 4, f0 = 1 } = {}) {
  const value = [f0], kept = [true], frontier = [f0], scale = 10 ** digits;
  for (let t = 0; t < n; t++) {
    const best = frontier[t], variant = Math.floor((best + p.mu + stepSize(p, t) * z[t]) * scale + 0.5) / scale;
    value.push(u[t] < crashRate ? NaN : variant);
    kept.push(keep(value[t + 1], best));
    frontier.push(kept[t + 1] ? variant : best);
  }
  return { value, kept, frontier };
}

/** Gain area of one frontier: the sum of f0 - F(t) over t = 1 ... n. */
export function gainArea(frontier, f0 = frontier[0]) {
  let sum = 0;
  for (let t = 1; t < frontier.length; t++) sum += f0 - frontier[t];
  return sum;
}

/**
 * What simulated runs have gained after experiments 1 ... n, rows of n values: min(room, sum of
 * improvements), where experiment t crashes, and improves nothing, if its uniform in `u` lies below
 * 1 - exp(-sigma_t / kappa). `z` and `u` hold a row of at least n for each run, `stride` apart;
 * `out` takes the rows.
 */
export function simulateConditions(p, n, z, u, nRuns, stride, { kappa, room }, out = new Float64Array(nRuns * n)) {
  const steps = new Float64Array(n), crash = new Float64Array(n), { mu } = p;
  for (let t = 0; t < n; t++) {
    steps[t] = stepSize(p, t);
    crash[t] = crashProbability(steps[t], kappa);
  }
  for (let run = 0, o = 0; run < nRuns; run++) {
    for (let t = 0, i = run * stride, total = 0; t < n; t++, i++, o++) {
      // a product, since no processor foresees the branches of chance
      total -= Math.min(0, mu + steps[t] * z[i]) * Number(u[i] >= crash[t]);
      out[o] = Math.min(room, total);
    }
  }
  return out;
}

/** Probability of a crash that grows with boldness, 1 - exp(-sigma / kappa). */
export function crashProbability(sigma, kappa) {
  return -Math.expm1(-sigma / kappa);
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

// Add the law of I_t to `mass`, each value shared between its two lattice neighbours so that the
// mean stays exact; positions wrap around.
function spread(mass, size, h, m, sigma) {
  const first = Math.max(0, Math.floor((m - 9 * sigma) / h)), last = Math.max(first, Math.ceil((m + 9 * sigma) / h)) + 1;
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
  let variance = 0, none = 1, skew = 0, wanted = 0;
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
    variance += improvementStd(p, t) ** 2;
    const discardProb = 1 - keepProbability(p, t);
    none *= discardProb;
    skew += ((h * h) / 2) * (means[t] - means[t + 1]) * discardProb;
    if (ns[wanted] !== t + 1) continue;
    const row = quantilesOfSum(-means[t + 1], Math.sqrt(variance), none, skew, h, points, probabilities.map((q) => 1 - q));
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
function quantilesOfSum(mean, std, none, skew, h, points, probabilities) {
  const { fft, re, im, sumRe, sumIm } = lattice(points), half = points / 2;
  for (let k = 0; k <= half; k++) { // the inverse transform is the transform of the conjugate
    const j = (points - k) % points;
    re[k] = sumRe[k] / points; im[k] = -sumIm[k] / points;
    re[j] = re[k]; im[j] = -im[k];
  }
  im[0] = 0; im[half] = 0;
  fft(re, im);
  const start = Math.max(0, Math.floor(mean / h) - half);
  const mass = Float64Array.from({ length: points }, (_, i) => Math.max(re[(start + i) % points], 0)); // not below 0 by rounding
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

// ---------------------------------------------------------------- prices, teams, shelves

/** A price of boldness, mu = c sigma0^2, as a function of (sigma0, gamma). */
export function boldnessCost(c) {
  return (sigma0, gamma) => c * sigma0 * sigma0;
}

/** E[A_n] for every sigma0 (rows) and gamma (columns); `bias` is mu, or a function of (sigma0, gamma). */
export function gainAreaMap(sigma0s, gammas, n, bias = 0) {
  return sigma0s.map((sigma0) => gammas.map((gamma) => {
    const mu = typeof bias === "function" ? bias(sigma0, gamma) : bias;
    let sigma = sigma0, sum = 0; // a running product: the same steps without a logarithm for each
    for (let t = 0; t < n; t++, sigma *= gamma) {
      if (mu > 39 * sigma && gamma < 1) break; // from here on nothing is kept: phi underflows
      sum += (n - t) * positivePart(-mu, sigma);
    }
    return sum;
  }));
}

/**
 * The sigma0 and gamma of largest E[A_n] in a box { sigma0: [low, high], gamma: [low, high] }, as
 * { p, area, atBound }. As E[A_n] grows with gamma whatever the bias, only sigma0 is searched,
 * on a grid and then by golden sections; the bias must not depend on gamma.
 */
export function bestParameters(box, n, bias = 0) {
  const [low, high] = box.sigma0.map(Math.log), gamma = box.gamma[1], points = 17;
  const at = (u) => Math.min(Math.max(Math.exp(low + u * (high - low)), box.sigma0[0]), box.sigma0[1]);
  const area = (u) => gainAreaMap([at(u)], [gamma], n, bias)[0][0];
  const grid = Array.from({ length: points }, (_, i) => area(i / (points - 1)));
  const top = grid.indexOf(Math.max(...grid)), golden = (Math.sqrt(5) - 1) / 2;
  let a = Math.max(0, top - 1) / (points - 1), b = Math.min(points - 1, top + 1) / (points - 1);
  let left = b - golden * (b - a), right = a + golden * (b - a), areaLeft = area(left), areaRight = area(right);
  while (b - a > 1e-7) {
    if (areaLeft < areaRight) { a = left; left = right; areaLeft = areaRight; right = a + golden * (b - a); areaRight = area(right); }
    else { b = right; right = left; areaRight = areaLeft; left = b - golden * (b - a); areaLeft = area(left); }
  }
  let u = (a + b) / 2;
  for (const end of [0, 1]) if (Math.abs(u - end) < 1e-6 && area(end) >= area(u)) u = end;
  const sigma0 = at(u), mu = typeof bias === "function" ? bias(sigma0, gamma) : bias;
  return { p: { sigma0, gamma, mu }, area: area(u), atBound: u === 0 || u === 1 ? ["sigma0", "gamma"] : ["gamma"] };
}

/** What k agents gain in round t over one agent: { perRound, perExperiment }. */
export function speedUp(p, k, t = 0, correlation = 0) {
  const one = expectedImprovement(p, t), limit = correlation < 1 ? k : 1;
  const perRound = one > 1e-300 ? expectedBestImprovement(p, t, k, correlation) / one : limit;
  return { perRound, perExperiment: perRound / k };
}

/** How many independent agents, a real number, gain as much in round t as k of that correlation. */
export function effectiveAgents(p, k, correlation, t = 0) {
  const target = expectedBestImprovement(p, t, k, correlation);
  if (correlation === 0 || correlation === 1 || !target) return correlation < 1 ? k : 1;
  let low = 0, high = Math.log(k); // bisection
  for (let i = 0; i < 34; i++) {
    const middle = (low + high) / 2;
    if (expectedBestImprovement(p, t, Math.exp(middle)) > target) high = middle; else low = middle;
  }
  return Math.exp(high);
}

/** Deviation of the logarithm of a lognormal duration with this coefficient of variation. */
export function spreadOfDurations(variation) {
  return Math.sqrt(Math.log1p(variation * variation));
}

/** Mean of the longest of k lognormal durations of mean 1. */
export function expectedLongest(k, variation = 0) {
  const b = spreadOfDurations(variation), high = CERTAIN + b + Math.sqrt(2 * Math.log(k));
  if (!b) return 1;
  let sum = 0;
  for (let low = -CERTAIN; low < high; low++) {
    for (const [x, weight] of NODES) {
      const u = low + (1 + x) / 2;
      sum += (weight / 2) * Math.exp(b * u - (b * b) / 2) * k * normalPdf(u) * normalCdf(u) ** (k - 1);
    }
  }
  return sum;
}

/** What a gain costs by rounds of k agents relative to one agent's price, when waiting costs `waiting` experiments. */
export function relativePrice(p, k, waiting, { correlation = 0, variation = 0, t = 0 } = {}) {
  return (k + waiting * expectedLongest(k, variation)) / (1 + waiting) / speedUp(p, k, t, correlation).perRound;
}

/**
 * One run of k agents that do not wait: { frontier, time }, n + 1 values each. Experiment j, in order of start,
 * has the standard normal z[j]. Its duration is lognormal, from u[j]; without variation it is 1, and starts are staggered.
 */
export function simulateAsync(p, n, k, z, { variation = 0, u = null, f0 = 1 } = {}) {
  const b = spreadOfDurations(variation), team = Math.min(k, n), frontier = new Float64Array(n + 1), time = new Float64Array(n + 1);
  const end = [], variant = [];
  let f = f0;
  const begin = (agent, j, now) => {
    variant[agent] = f + p.mu + stepSize(p, j) * z[j];
    end[agent] = now + (b ? Math.exp(b * u[j] - (b * b) / 2) : 1);
  };
  for (let agent = 0; agent < team; agent++) begin(agent, agent, b ? 0 : agent / k);
  frontier[0] = f0;
  for (let j = 0; j < n; j++) {
    const agent = end.indexOf(Math.min(...end)), now = end[agent];
    if (keep(variant[agent], f)) f = variant[agent];
    frontier[j + 1] = f; time[j + 1] = now;
    if (j + team < n) begin(agent, j + team, now); else end[agent] = Infinity;
  }
  return { frontier, time };
}

/** E[F] after 0 ... nRounds rounds of k agents; round r uses step sigma_r. */
export function expectedRoundFrontiers(p, nRounds, k, f0 = 1) {
  const out = new Float64Array(nRounds + 1);
  let gain = 0;
  out[0] = f0;
  for (let r = 0; r < nRounds; r++) { gain += expectedBestImprovement(p, r, k); out[r + 1] = f0 - gain; }
  return out;
}

/** The frontier of one run of rounds: the best of the first k of each row of `z` (rows `stride` long). */
export function simulateRounds(p, nRounds, k, z, f0 = 1, stride = k) {
  const out = new Float64Array(nRounds + 1);
  let f = f0;
  out[0] = f0;
  for (let r = 0; r < nRounds; r++) {
    let least = Infinity;
    for (let agent = 0; agent < k; agent++) least = Math.min(least, z[r * stride + agent]);
    f += Math.min(0, p.mu + stepSize(p, r) * least);
    out[r + 1] = f;
  }
  return out;
}

/** Decay for each round of k agents whose steps shrink as those of one agent do: gamma^k. */
export function roundDecay(p, k) {
  return { ...p, gamma: p.gamma ** k };
}

/** The program that those of a shelf are scattered about, and its E[A_100]. */
export const USUAL = { sigma0: 0.01, gamma: 0.97, mu: 0 };
export const USUAL_AREA = symmetricGainArea(USUAL.sigma0, USUAL.gamma, 100);

/**
 * A shelf of `size` programs without bias. The logarithms of their E[A_100] are normal about that of the usual
 * program, with deviation `spread`; each has its own decay rate, and the step size that gives it its E[A_100].
 */
export function makeShelf(seed, size, spread) {
  const stream = 100 + 2 * Math.floor(1000 * spread + 0.5); // another spread is another shelf
  const u = uniforms(seed, size, 1, stream), z = normals(seed, size, 1, stream + 1);
  return Array.from(u, (value, i) => {
    const gamma = 0.93 + 0.06 * value;
    return { sigma0: (USUAL_AREA * Math.exp(spread * z[i])) / symmetricGainArea(1, gamma, 100), gamma, mu: 0 };
  });
}

/** Probability that the program of largest mean also has the largest average of some normal measurements each. */
export function bestWinsProbability(means, stds, nights = 1) {
  const best = means.indexOf(Math.max(...means)), errors = stds.map((std) => std / Math.sqrt(nights));
  let sum = 0;
  for (let i = -9; i < 9; i++) {
    for (const [x, weight] of NODES) {
      const u = i + 0.5 + x / 2, area = means[best] + errors[best] * u;
      let product = (weight / 2) * normalPdf(u);
      means.forEach((mean, j) => { if (j !== best) product *= normalCdf((area - mean) / errors[j]); });
      sum += product;
    }
  }
  return sum;
}

/** Fewest runs of each program with which even shares choose the best one with a probability. */
export function runsNeeded(means, stds, probability) {
  const enough = (n) => bestWinsProbability(means, stds, n) >= probability;
  let high = 1;
  while (!enough(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle; else low = middle;
  }
  return high;
}

/** By how much a program's sum must trail another's for a race to drop it. */
export function raceMargin(variance, nPrograms, { indifference, error, firstRuns }) {
  const free = firstRuns - 1;
  return ((variance / indifference) * free * (((nPrograms - 1) / error) ** (2 / free) - 1)) / 4;
}

/** A race of programs 0 ... size - 1, whose run j has the value `sample(i, j)`. */
export function race(size, sample, rule) {
  const programs = Array.from({ length: size }, (_, i) => i);
  const first = programs.map((i) => Array.from({ length: rule.firstRuns }, (_, j) => sample(i, j)));
  const sums = first.map((values) => values.reduce((a, b) => a + b)), margins = first.map(() => new Float64Array(size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const middle = (sums[i] - sums[j]) / rule.firstRuns;
      let squares = 0;
      for (let r = 0; r < rule.firstRuns; r++) squares += (first[i][r] - first[j][r] - middle) ** 2;
      margins[i][j] = margins[j][i] = raceMargin(squares / (rule.firstRuns - 1), size, rule);
    }
  }
  const runs = programs.map(() => rule.firstRuns);
  const eliminations = [];
  let left = programs;
  for (let r = rule.firstRuns; left.length > 1; r++) {
    let open = false;
    const stays = left.filter((i) => left.every((j) => {
      open = open || margins[i][j] > 0;
      return !(sums[j] - sums[i] > margins[i][j]);
    }));
    for (const i of left) if (!stays.includes(i)) eliminations.push({ program: i, runs: r });
    left = stays;
    if (!open) break;
    if (left.length > 1) for (const i of left) { sums[i] += sample(i, r); runs[i] = r + 1; }
  }
  const best = left.reduce((a, b) => (sums[b] / runs[b] > sums[a] / runs[a] ? b : a));
  return { best, runs, means: sums.map((sum, i) => sum / runs[i]), eliminations };
}

/** True means of the programs of a race: the best leads by the gap; the others are equal, or each a gap below the one before. */
export function raceTruth({ seed, gap, stairs }, size) {
  const u = uniforms(seed, size, 1, 2), order = Array.from(u.keys()).sort((a, b) => u[a] - u[b]), truth = [];
  order.forEach((i, place) => { truth[i] = 1 + gap * (place === 0 ? 1 : stairs ? 1 - place : 0); });
  return truth;
}

/** The luck of a seed, made once for every setting: normals of the programs' nights in each race, and of what all share. */
export function raceLuck(seed, size) {
  const made = [];
  return (which, nights) => {
    if (!(made[which]?.nights >= nights)) {
      const enough = Math.max(32, 2 * (made[which]?.nights ?? 0), nights);
      made[which] = { nights: enough, own: normals(seed, size, enough, 10 + 2 * which), shared: normals(seed, 1, enough, 11 + 2 * which) };
    }
    return made[which];
  };
}

/** Night j of program i in one of the races: its mean, luck of its own, and luck that is everyone's. */
export function raceSampler({ noise, common }, truth, luck, which) {
  const ownShare = noise * Math.sqrt(1 - common), commonShare = noise * Math.sqrt(common);
  let { nights, own, shared } = luck(which, 1);
  return (i, j) => {
    if (j >= nights) ({ nights, own, shared } = luck(which, j + 1));
    return truth[i] + ownShare * own[i * nights + j] + commonShare * shared[j];
  };
}

/** Nights of each program with which even shares are as often right as `right` of the races: of all, in all but one. */
export function evenRuns({ noise, common }, truth, right, races) {
  const std = noise * Math.sqrt(1 - common);
  return runsNeeded(truth, truth.map(() => std), Math.min(right, races - 1) / races);
}

// ---------------------------------------------------------------- real runs

/** Log likelihood of the changes `deltas` of the experiments `ts`: the sum of log[phi(z_t) / sigma_t]. */
export function logLikelihood(p, ts, deltas) {
  let sum = 0;
  for (let i = 0; i < ts.length; i++) {
    const sigma = stepSize(p, ts[i]), z = (deltas[i] - p.mu) / sigma;
    sum -= Math.log(SQRT_2PI) + Math.log(sigma) + (z * z) / 2;
  }
  return sum;
}

/** E[R_n], the improvements that n random draws bring: the sum of 1 / (i + 1) over i = 1 ... n. */
export function expectedRecords(n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += 1 / (i + 1);
  return sum;
}

/** Standard deviation of R_n. */
export function recordsStd(n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += (1 / (i + 1)) * (1 - 1 / (i + 1));
  return Math.sqrt(sum);
}

/** Wilson's 95 % interval for a rate, from k of n: { rate, low, high }. */
export function wilsonInterval(k, n) {
  const z = NORMAL_95, centre = (k + (z * z) / 2) / (n + z * z);
  const half = (z * Math.sqrt((k * (n - k)) / Math.max(n, 1) + (z * z) / 4)) / (n + z * z);
  return { rate: n ? k / n : NaN, low: Math.max(centre - half, 0), high: Math.min(centre + half, 1) };
}

// ---------------------------------------------------------------- landscapes

/** The squared distance from the origin. */
export function sphere(x) {
  let sum = 0;
  for (const v of x) sum += v * v;
  return sum;
}

/** -x_1 + the sum of x_i^2 over i > 1. */
export function ridge(x) {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += x[i] * x[i];
  return sum - x[0];
}

/** The sum of x_i^2 / 10 + 1 - cos(2 pi x_i): a hollow at every integer, the deepest at 0. */
export function hollows(x) {
  let sum = 0;
  for (const v of x) sum += (v * v) / 10 + 1 - Math.cos(2 * Math.PI * v);
  return sum;
}

/** The model's rule of steps: start * gamma^t, whatever happens. */
export function decay(start, gamma = 1) {
  return { start, next: (step) => step * gamma };
}

/** The 1/5 success rule: bolder after a keep, more careful after a discard. */
export function successRule(start, factor = 1.5, rate = 0.2) {
  const smaller = factor ** (-rate / (1 - rate));
  return { start, next: (step, kept) => step * (kept ? factor : smaller) };
}

/**
 * One run of the update rule on a landscape: { frontier, step, kept, variants, incumbents }, the last two
 * with d numbers a row. `step` has n + 1 values: the last is the size of the step to come. `z` holds
 * standard normals, d for each experiment.
 */
export function search(objective, start, rule, n, z) {
  const d = start.length, frontier = new Float64Array(n + 1), step = new Float64Array(n + 1), kept = new Array(n);
  const variants = new Float64Array(n * d), incumbents = new Float64Array((n + 1) * d);
  let x = Array.from(start), variant = Array.from(start), value = objective(x);
  frontier[0] = value; step[0] = rule.start;
  incumbents.set(x);
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < d; i++) variants[t * d + i] = variant[i] = x[i] + step[t] * z[t * d + i];
    const metric = objective(variant);
    kept[t] = keep(metric, value);
    if (kept[t]) { [x, variant] = [variant, x]; value = metric; }
    frontier[t + 1] = value; step[t + 1] = rule.next(step[t], kept[t]);
    for (let i = 0; i < d; i++) incumbents[(t + 1) * d + i] = x[i];
  }
  return { frontier, step, kept, variants, incumbents };
}

// ---------------------------------------------------------------- noise

/** What one decision on noisy measurements does on average: { keepProbability, trueGain, loggedGain, curse }. */
export function noisyStep(p, t, noise, threshold = 0) {
  const sigma = stepSize(p, t), spreadOfLog = Math.sqrt(sigma * sigma + 2 * noise * noise), z = (-threshold - p.mu) / spreadOfLog;
  const prob = normalCdf(z), density = normalPdf(z);
  const trueGain = -p.mu * prob + ((sigma * sigma) / spreadOfLog) * density, loggedGain = -p.mu * prob + spreadOfLog * density;
  return { keepProbability: prob, trueGain, loggedGain, curse: loggedGain - trueGain };
}

/** The noise of a variant's logged value: the mean of repeated measurements. */
export function noiseOfMean({ noise, repeats = 1 }) {
  return noise / Math.sqrt(repeats);
}

/** Standard error of the mean of some values. */
export function standardError(values) {
  const n = values.length, mean = values.reduce((a, b) => a + b) / n;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1) / n);
}

/** The margin that makes the true gain of one decision largest: max(0, 2 mu noise^2 / sigma_t^2). */
export function bestThreshold(p, t, noise) {
  return Math.max(0, p.mu * 2 * (noise / stepSize(p, t)) ** 2);
}

/**
 * Runs of `n` experiments whose measurements are noisy: { trueMetric, logged }, rows of n + 1 values.
 * `z` holds standard normals in rows of `stride`: { variant, measured (the baseline's first), fresh }.
 */
export function simulateNoisy(p, n, z, stride, nRuns, { noise, threshold = 0, repeats = 1, remeasure = false, f0 = 1 }) {
  const nu = noiseOfMean({ noise, repeats }), trueMetric = new Float64Array(nRuns * (n + 1)), logged = new Float64Array(nRuns * (n + 1));
  const steps = Float64Array.from({ length: n }, (_, t) => stepSize(p, t));
  for (let run = 0, o = 0; run < nRuns; run++, o++) {
    const row = run * stride;
    let f = f0, believed = f0 + nu * z.measured[row];
    trueMetric[o] = f; logged[o] = believed;
    for (let t = 0; t < n; t++) {
      if (remeasure) believed = f + nu * z.fresh[row + t];
      const variant = f + p.mu + steps[t] * z.variant[row + t], measured = variant + nu * z.measured[row + t + 1];
      if (keep(measured, believed - threshold)) { f = variant; believed = measured; }
      trueMetric[++o] = f; logged[o] = believed;
    }
  }
  return { trueMetric, logged };
}
