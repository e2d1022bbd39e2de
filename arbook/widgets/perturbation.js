// The density of the change, keep side shaded, beside the step size over the run: two views of one t.
import { changeDensity, halfLife, keepProbability, reach, skill } from "./model/laws.js";
import { experimentOfStep, stepSize } from "./model/parameters.js";
import { formatNumber, perCent, range, roundUp } from "./numbers.js";
import { explorer } from "./panel.js";

const TOLD_AT = 23; // the experiment of a still, where the step is half as large
const HILL = range(161).map((i) => (i - 80) / 18); // where the hill is drawn, in deviations
const TALL = [1.2, 2, 3.2, 5, 8, 12]; // the hill grows within the frame, and the frame grows in stages

export default explorer((panel) => {
  const { n } = panel.data, last = n - 1;
  const height = (width) => Math.min(300, Math.max(220, width * 0.8)), density = "density, per bit per byte";
  const hill = panel.chart({ xLabel: "change δ, bits per byte", yLabel: density, left: 44, height });
  const steps = panel.chart({ xLabel: "experiment t", yLabel: "step size σ, bits per byte", height });
  steps.layers("bias", "down", "level", "step", "half", "guess", "now");
  panel.legend([
    ["arbook-band arbook-first arbook-strong", "kept: δ < 0"],
    ["arbook-band arbook-many", "discarded"],
    ["arbook-line arbook-many arbook-dashed", "at t = 0"],
    ["arbook-line arbook-second", "step size"],
  ]);
  const goTo = (t) => { if (Number.isFinite(t)) panel.set({ t: Math.min(Math.max(Math.round(t), 0), last) }); };
  panel.time({ name: "t", last: () => last, seconds: 10 });
  panel.whenTold(() => panel.set({ t: panel.state().t || TOLD_AT }));
  // while the question is open a point on the level of half a step is the guess
  steps.onPoint((t) => (panel.state().veiled ? panel.fill(t) : goTo(t)));
  hill.onPoint((x) => {
    const p = panel.state();
    if (!p.veiled) goTo(experimentOfStep(p, Math.max(Math.abs(x - p.mu), 1e-9)));
  });

  return (state) => {
    const { t } = state;
    drawHill(hill, state, t);
    drawSteps(steps, state, t, n, state.gamma === panel.spec.start.gamma ? state.guess : null);
    const start = `Both pictures show t = ${t}, where the step size is ${formatNumber(stepSize(state, t), 4)} `
      + "bits per byte. "
      + "Commit to a guess, or move any control, to see the run.";
    return { sentence: state.veiled ? start : saidOfChange(state, t), truth: halfLife(state.gamma) };
  };
});

// Left: the density of the change in experiment t, with the one at t = 0 for comparison.
function drawHill(chart, p, t) {
  const { mu, sigma0 } = p, sigma = stepSize(p, t), density = (x) => changeDensity(p, t, x), peak = density(mu);
  const low = Math.min(mu, 0) - 3.3 * sigma0, high = Math.max(mu, 0) + 3.3 * sigma0, first = changeDensity(p, 0, mu);
  chart.frame({ x: [low, high], y: [0, first * roundUp((1.1 * peak) / first, 1, TALL)], yFormat: shortNumber });
  const grid = (width) => HILL.map((u) => mu + width * u).filter((x) => x > low && x < high);
  const xs = [low, ...grid(sigma), high];
  const kept = [...xs.filter((x) => x < 0), 0], rest = [0, ...xs.filter((x) => x > 0)];
  const flat = (side) => side.map(() => 0), wide = grid(sigma0);
  chart.band("rest", rest, flat(rest), rest.map(density), "arbook-band arbook-many");
  chart.band("kept", kept, flat(kept), kept.map(density), "arbook-band arbook-first arbook-strong");
  const ghost = wide.map((x) => changeDensity(p, 0, x));
  chart.line("ghost", wide, ghost, "arbook-line arbook-many arbook-dashed arbook-clear");
  chart.line("hill", xs, xs.map(density), "arbook-line arbook-ink");
  chart.rule("zero", { x: 0 }, "arbook-line arbook-rule");
  // sigma, from the mean to a handle on the slope
  const slope = mu + (mu > 0 ? -sigma : sigma), y = density(slope);
  chart.line("mean", [mu, mu], [0, peak], "arbook-line arbook-second arbook-thin");
  chart.line("spread", [mu, slope], [y, y], "arbook-line arbook-second");
  chart.dots("handle", [slope], [y], "arbook-dot arbook-second", 6.5);
  chart.text("sigma", (mu + slope) / 2, y, "σ", "arbook-label arbook-second", { anchor: "middle", dy: -7 });
  const prob = keepProbability(p, t), top = chart.yInverse(chart.box.top);
  const left = { dx: 6 }, right = { dx: -2, anchor: "end" };
  chart.text("kept share", low, top, perCent(prob, 1), "arbook-label arbook-first", { ...left, dy: 14 });
  chart.text("kept words", low, top, "kept", "arbook-label arbook-first", { ...left, dy: 29 });
  chart.text("rest share", high, top, perCent(1 - prob, 1), "arbook-label arbook-soft", { ...right, dy: 14 });
  chart.text("rest words", high, top, "discarded", "arbook-label arbook-soft", { ...right, dy: 29 });
}

// Right: the step over the run; its beginning only while the question is open.
function drawSteps(chart, p, t, n, guess) {
  const { mu, sigma0, veiled } = p, half = halfLife(p.gamma), bias = Math.abs(mu), sigma = stepSize(p, t);
  const ts = range((veiled ? 4 : n) + 1), level = sigma0 / 2;
  chart.frame({ x: [0, n], y: [0, 1.08 * sigma0] });
  chart.hide("level", "ask", "bias", "bias words", "down", "half", "half words", "guess", "guess words");
  chart.line("step", ts, ts.map((i) => stepSize(p, i)), "arbook-line arbook-second");
  if (veiled) {
    chart.rule("level", { y: level }, "arbook-line arbook-rule arbook-dashed");
    chart.ask(n / 2, level, "When is it half as large? Point at it.", -10);
    if (p.offer) chart.guess(Math.min(p.offer, n), level, p.offer > 0.7 * n ? -8 : 9, 18);
  } else {
    if (bias > 0 && bias < 1.05 * sigma0) {
      chart.rule("bias", { y: bias }, "arbook-line arbook-rule arbook-dashed");
      chart.text("bias words", 0, bias, "|μ|", "arbook-label", { dx: 6, dy: -6 });
    }
    const down = `M${chart.box.left},${chart.y(sigma)}H${chart.x(t)}V${chart.box.bottom}`;
    chart.path("down", down, "arbook-line arbook-rule");
    if (half < n) {
      chart.dots("half", [half], [level], "arbook-dot arbook-ink", 3.5);
      if (guess) chart.dots("guess", [Math.min(guess.value, n)], [level], "arbook-dot arbook-guess-dot", 5);
      chart.beside("half words", half, level, `half at ${formatNumber(half, 1)}`, "arbook-label", ["step", "guess"]);
    }
    if (guess) {
      chart.guessOff(Math.min(guess.value, n), level, ["step", "bias", "bias words", "half", "half words"]);
    }
  }
  chart.dots("now", [t], [sigma], "arbook-dot arbook-second", 7);
}

function saidOfChange(p, t) {
  const sigma = stepSize(p, t), a = skill(p, t), side = a > 0 ? "above" : "below";
  const where = p.mu === 0 ? "the mean is zero, so both sides are equal whatever the step"
    : `zero lies ${formatNumber(Math.abs(a), 2)} standard deviations ${side} the mean μ = ${formatNumber(p.mu, 4)}`;
  return `At experiment t = ${t} the step size is ${formatNumber(sigma, sigma < 0.001 ? 6 : 4)} bits per byte. `
    + `A change is negative, and so kept, with probability ${perCent(keepProbability(p, t), 1)}: ${where}. `
    + `The step halves every ${formatNumber(halfLife(p.gamma), 1)} experiments, `
    + `and all steps of an endless run add up to ${formatNumber(reach(p), 3)} bits per byte.`;
}

function shortNumber(value) {
  return value >= 1e6 ? `${value / 1e6}M` : value >= 1e4 ? `${value / 1e3}k` : String(value);
}
