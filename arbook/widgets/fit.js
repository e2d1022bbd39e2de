// A real run fitted by hand: its changes with the band of the reader's parameters, the same changes
// in units of their spread, and the log likelihood, with the best fit on request.
import { logLikelihood } from "./model/fitting.js";
import { keepProbability } from "./model/laws.js";
import { normalPdf } from "./model/normal.js";
import { stepSize } from "./model/parameters.js";
import { rangeOf } from "./inverse.js";
import { formatNumber, perCent, plural, range, rounded, signed, significant } from "./numbers.js";
import { drawPeaks, markRun, peakKey, unitOf } from "./runs.js";
import { makeFitBench } from "./fit_bench.js";
import { explorer } from "./panel.js";

const FIT_NAMES = ["without", "with"]; // the fits of a run: without its catastrophes, and with them
const WIDEST = 5, BAR = 0.5; // of the picture of the residuals, in standard deviations

export default explorer((panel) => {
  const about = panel.element("p", "arbook-about"), tall = (width) => Math.min(330, Math.max(230, width * 0.62));
  panel.figure.before(about);
  const chart = panel.chart({ xLabel: "experiment t", yLabel: "change δ", left: 58, height: () => 300 });
  const height = (width) => (width > 400 ? tall(width) : 300);
  const shape = panel.chart({ xLabel: "(δ − μ) / σ at each t", yLabel: "share of changes", left: 36, height });
  chart.host.classList.add("arbook-wide");
  chart.layers("band", "zero", "mean", "changes", "gains", "far");
  shape.layers("bars", "curve");
  panel.time({ last: ({ run }) => panel.data.runs[run - 1].n, show: (t) => chart.uncover(t ?? undefined) });
  const bench = makeFitBench(panel);
  const best = new Map(); // the reader's largest log likelihood, by run and rule
  let shown = "", revealed = false;
  bench.connect({
    reveal() { revealed = !revealed; panel.redraw(); },
    count: () => panel.set({ catastrophes: 1 - panel.state().catastrophes }),
    goThere() {
      const { run, catastrophes } = panel.state(), fit = panel.data.runs[run - 1].fits[catastrophes];
      const values = [fit.sigma0, fit.gamma, fit.mu / fit.sigma0];
      const [sigma0, gamma, relative_mu] = values.map((value) => rounded(value, 4));
      panel.set({ sigma0, gamma, relative_mu });
    },
  });

  panel.whenTold(() => { revealed = true; });
  panel.whenAsked(() => { revealed = false; });

  return (state) => {
    const { veiled, catastrophes } = state, run = panel.data.runs[state.run - 1], rows = range(run.t.length);
    const fit = run.fits[catastrophes], unit = unitOf(run.metric), key = `${state.run}/${catastrophes}`;
    const p = { sigma0: state.sigma0, gamma: state.gamma, mu: state.relative_mu * state.sigma0 };
    const used = rows.filter((i) => catastrophes || run.used[i]), far = run.t.filter((_, i) => !run.used[i]);
    const ts = used.map((i) => run.t[i]), deltas = used.map((i) => run.delta[i]);
    if (shown !== key) { shown = key; revealed = false; }
    markRun(panel, state.run - 1);
    const size = `${run.n} experiments, ${run.t.length} measured changes of ${run.metric}`;
    about.replaceChildren(panel.element("b", "", run.name), `, ${run.searcher}: ${size}.`);

    const asked = state.told && !revealed; // then the picture is about two other models than the reader's
    if (shape.host.hidden !== asked) { // its room is the other's
      shape.host.hidden = asked;
      for (const one of [chart, shape]) one.measure();
    }

    // changes against t, with the band of the model
    const within = run.delta.filter((_, i) => run.used[i]), least = Math.min(...within), largest = Math.max(...within);
    const bottom = least - 0.25 * (largest - least), top = largest + 0.25 * (largest - least);
    const clip = (value) => Math.min(Math.max(value, bottom), top);
    chart.frame({ x: [-1, run.n], y: [bottom, top] });
    chart.nameY(`change δ, ${unit}`);
    const xs = range(run.n), edge = (q, side) => xs.map((t) => clip(q.mu + side * stepSize(q, t)));
    chart.hide("band", "mean");
    if (!asked) {
      chart.band("band", xs, edge(p, -2), edge(p, 2), "arbook-band arbook-first");
      chart.line("mean", [0, run.n - 1], [clip(p.mu), clip(p.mu)], "arbook-line arbook-first");
    }
    chart.rule("zero", { y: 0 }, "arbook-line arbook-rule");
    const dots = (name, keep, className) => {
      const some = rows.filter((i) => run.used[i] && run.delta[i] < 0 === keep);
      chart.dots(name, some.map((i) => run.t[i]), some.map((i) => run.delta[i]), className, 3.4);
    };
    dots("changes", false, "arbook-dot arbook-hollow");
    dots("gains", true, "arbook-dot arbook-ink");
    drawPeaks(chart, "far", far, "arbook-peak arbook-fourth");
    chart.hide("it", ...["best", ...FIT_NAMES].flatMap((name) =>
      ["low", "high", "mean", "words"].map((part) => `${name} ${part}`)));
    const drawFit = (name, q, colour) => {
      const dashed = `arbook-line ${colour} arbook-dashed`;
      const ends = [-2, 2].map((side) => xs.map((t) => q.mu + side * stepSize(q, t)));
      ["low", "high"].forEach((end, i) => { chart.line(`${name} ${end}`, xs, ends[i], dashed, { cut: true }); });
      chart.line(`${name} mean`, [0, run.n - 1], [clip(q.mu), clip(q.mu)], `arbook-line ${colour}`);
    };
    if (revealed && !veiled) drawFit("best", fit, "arbook-second");
    else if (asked) { // the estimate of μ without the row that the question is about, and with it
      const flat = chart.isLow, [first, apart] = flat ? [26, 16] : [36, 19];
      const under = Math.max(...run.fits.map((q) => chart.y(q.mu))); // where no dots are
      FIT_NAMES.forEach((name, i) => {
        const q = run.fits[i], colour = `arbook-${i ? "third" : "second"}`;
        drawFit(name, q, colour);
        const words = `${i ? "with it" : "without it"} μ = ${signed(q.mu, 2)}`;
        const place = { anchor: "end", dx: -4, dy: under + first + apart * i - chart.y(q.mu) };
        chart.text(`${name} words`, run.n, q.mu, words, `arbook-label ${colour}`, place);
      });
      const it = run.delta.indexOf(Math.max(...run.delta)), below = { anchor: "middle", dy: 26 };
      chart.text("it", run.t[it], top, signed(run.delta[it], 3), "arbook-label arbook-fourth", below);
    }
    panel.legend([
      ["arbook-dot arbook-ink", "gains"],
      ["arbook-dot arbook-hollow", "losses"],
      far.length && peakKey("arbook-fourth", plural(far.length, "catastrophe")),
      !asked && ["arbook-band arbook-first", "your model, μ ± 2σ"],
      revealed && !veiled && ["arbook-line arbook-second", "μ of the best fit"],
      asked && ["arbook-line arbook-key-ink", "μ of a fit"], // the two have their names beside them
      (asked || (revealed && !veiled)) && ["arbook-line arbook-key-ink arbook-dashed", "its μ ± 2σ"],
    ].filter(Boolean));

    if (!veiled && !asked) drawGrips(chart, panel, p, run.n - 1, clip);

    // the same changes in standard deviations of the model
    const counts = new Array((2 * WIDEST) / BAR).fill(0);
    for (const i of used) {
      const z = (run.delta[i] - p.mu) / stepSize(p, run.t[i]);
      counts[Math.min(Math.max(Math.floor((z + WIDEST) / BAR), 0), counts.length - 1)]++;
    }
    const shares = counts.map((count) => count / used.length), most = Math.max(0.25, ...shares);
    const xTicks = [-4, -2, 0, 2, 4], yFormat = (value) => perCent(value);
    shape.frame({ x: [-WIDEST, WIDEST], y: [0, Math.ceil(most * 10.5) / 10], xTicks, yFormat });
    const bars = shares.map((share, i) => {
      const from = shape.x(-WIDEST + i * BAR) + 0.5, to = shape.x(-WIDEST + (i + 1) * BAR) - 0.5, base = shape.y(0);
      return `M${from},${base}V${shape.y(share)}H${to}V${base}Z`;
    });
    shape.path("bars", bars.join(""), "arbook-bars");
    const zs = range(81).map((i) => -WIDEST + (i * WIDEST) / 40);
    shape.line("curve", zs, zs.map((z) => BAR * normalPdf(z)), "arbook-line arbook-first");

    // the likelihood
    const likelihood = logLikelihood(p, ts, deltas), here = veiled ? -Infinity : likelihood;
    best.set(key, Math.max(best.get(key) ?? -Infinity, here));
    const possible = revealed ? fit.logLikelihood : null, any = far.length > 0;
    bench.show({ veiled, likelihood, best: best.get(key), top: possible, catastrophes, any });

    const one = (value) => formatNumber(value, 1), inUnit = unit === run.metric ? `(${unit})` : unit;
    const name = (q) => `σ₀ = ${significant(q.sigma0)}, γ = ${formatNumber(q.gamma, 3)} and μ = ${signed(q.mu)}`;
    const rule = plural(far.length, "catastrophe") + (!any ? "" : catastrophes ? " counted in" : " left out");
    const model = ts.reduce((sum, t) => sum + keepProbability(p, t), 0) / ts.length;
    const real = deltas.filter((d) => d < 0).length / deltas.length;
    let sentence = `With ${name(p)} ${inUnit} the log likelihood of ${used.length} changes is ${one(likelihood)} `
      + `(${rule}). This model would keep ${perCent(model)} of them; the run improved with ${perCent(real)}.`;
    if (veiled) sentence += " Commit to an answer, or move any control, to go on.";
    else if (revealed) {
      const below = fit.logLikelihood - likelihood;
      const words = below < 2 ? "hardly a difference at all" : `${below < 10 ? "close, but" : "and"} the data can tell`;
      sentence += ` The largest possible is ${one(fit.logLikelihood)}, at ${name(fit)}: `
        + `yours is ${one(Math.max(0, below))} less, ${words}.`;
    }
    const [without, withAll] = panel.data.runs[0].fits.map((f) => f.mu);
    return { sentence, truth: without * withAll < 0 ? 2 : Math.abs(withAll / without - 1) > 0.5 ? 1 : 0 };
  };
});

// The band at both of its ends and its mean, to drag: the first step, its decay, and the bias.
function drawGrips(chart, panel, p, last, clip) {
  const drag = (name, value) => {
    const { low, high } = rangeOf(panel, name);
    panel.set({ [name]: rounded(Math.min(Math.max(value, low), high), 4) });
  };
  const edge = (t) => clip(p.mu + 2 * stepSize(p, t)), step = (y) => Math.max(y - p.mu, 0) / 2;
  chart.grip("first step", 0, edge(0),
    (_, y) => drag("sigma0", Math.max(y, 0) / (2 + p.mu / p.sigma0)), "arbook-first");
  chart.grip("decay", last, edge(last), (_, y) => drag("gamma", (step(y) / p.sigma0) ** (1 / last)), "arbook-first");
  chart.grip("bias", last / 2, clip(p.mu), (_, y) => drag("relative_mu", y / p.sigma0), "arbook-ink");
}
