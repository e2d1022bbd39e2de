// A real run fitted by hand: its changes with the band of the reader's parameters, the same changes
// in units of their spread, and the log likelihood, with the best fit on request.
import { logLikelihood } from "./model/fitting.js";
import { keepProbability } from "./model/laws.js";
import { normalPdf } from "./model/normal.js";
import { stepSize } from "./model/parameters.js";
import { formatNumber } from "./svg.js";
import { drawPeaks, markRun, nameY, perCent, plural, signed, significant, unitOf } from "./runs.js";
import { explorer } from "./panel.js";

const WIDEST = 5, BAR = 0.5; // of the picture of the residuals, in standard deviations

export default explorer((panel) => {
  const about = panel.element("p", "arbook-about"), tall = (width) => Math.min(330, Math.max(230, width * 0.62));
  panel.figure.before(about);
  const chart = panel.chart({ xLabel: "experiment t", yLabel: "change δ", left: 58, height: () => 300 });
  const shape = panel.chart({ xLabel: "(δ − μ) / σ at each t", yLabel: "share of changes", left: 36, height: (w) => (w > 400 ? tall(w) : 300) });
  chart.host.classList.add("arbook-wide");
  chart.layers("band", "zero", "best band", "best mean", "mean", "changes", "gains", "far");
  shape.layers("bars", "curve");
  panel.legend([
    ["arbook-dot arbook-ink", "gains"],
    ["arbook-dot arbook-hollow", "losses"],
    ["arbook-band arbook-first", "your model, μ ± 2σ"],
    ["arbook-line arbook-second arbook-dashed", "best fit"],
  ]);
  const bench = makeFitBench(panel);
  const best = new Map(); // the reader's largest log likelihood, by run and rule
  let shown = "", revealed = false;
  bench.connect({
    reveal() { revealed = !revealed; panel.redraw(); },
    count: () => panel.set({ catastrophes: 1 - panel.state().catastrophes }),
    goThere() {
      const { run, catastrophes } = panel.state(), fit = panel.data.runs[run - 1].fits[catastrophes];
      const round = (value) => Number(value.toPrecision(4));
      panel.set({ sigma0: round(fit.sigma0), gamma: round(fit.gamma), relative_mu: round(fit.mu / fit.sigma0) });
    },
  });

  panel.whenTold(() => { revealed = true; });

  return (state) => {
    const { veiled, catastrophes } = state, run = panel.data.runs[state.run - 1], fit = run.fits[catastrophes], unit = unitOf(run.metric);
    const p = { sigma0: state.sigma0, gamma: state.gamma, mu: state.relative_mu * state.sigma0 };
    const used = run.t.map((_, i) => i).filter((i) => catastrophes || run.used[i]), far = run.t.filter((_, i) => !run.used[i]);
    const ts = used.map((i) => run.t[i]), deltas = used.map((i) => run.delta[i]);
    const key = state.run + "/" + catastrophes;
    if (shown !== key) { shown = key; revealed = false; }
    markRun(panel, state.run - 1);
    about.replaceChildren(panel.element("b", "", run.name), `, ${run.searcher}: ${run.n} experiments, ${run.t.length} measured changes of ${run.metric}.`);

    // changes against t, with the band of the model
    const within = run.delta.filter((_, i) => run.used[i]), room = 0.25 * (Math.max(...within) - Math.min(...within));
    const y = [Math.min(...within) - room, Math.max(...within) + room], clip = (value) => Math.min(Math.max(value, y[0]), y[1]);
    chart.frame({ x: [-1, run.n], y, xTicks: null });
    nameY(chart, `change δ, ${unit}`);
    const xs = Array.from({ length: run.n }, (_, t) => t), edge = (q, side) => xs.map((t) => clip(q.mu + side * stepSize(q, t)));
    chart.band("band", xs, edge(p, -2), edge(p, 2), "arbook-band arbook-first");
    chart.line("mean", [0, run.n - 1], [clip(p.mu), clip(p.mu)], "arbook-line arbook-first");
    chart.rule("zero", { y: 0 }, "arbook-line arbook-rule");
    const dots = (name, keep, className) => {
      const some = run.t.map((_, i) => i).filter((i) => run.used[i] && run.delta[i] < 0 === keep);
      chart.dots(name, some.map((i) => run.t[i]), some.map((i) => run.delta[i]), className, 3.4);
    };
    dots("changes", false, "arbook-dot arbook-hollow");
    dots("gains", true, "arbook-dot arbook-ink");
    drawPeaks(chart, "far", far, "arbook-peak arbook-fourth");
    if (far.length) {
      const middle = far[0] < run.n / 2, at = middle ? far[0] : far[far.length - 1];
      chart.text("far words", at, y[1], plural(far.length, "catastrophe"), "arbook-label", { anchor: middle ? "start" : "end", dx: middle ? -5 : 5, dy: 26 });
    } else chart.hide("far words");
    if (revealed && !veiled) {
      chart.part("best band", "path", "arbook-line arbook-second arbook-dashed").setAttribute("d", [-2, 2].map((side) => outline(chart, xs, edge(fit, side))).join(""));
      chart.line("best mean", [0, run.n - 1], [clip(fit.mu), clip(fit.mu)], "arbook-line arbook-second arbook-dashed");
    } else chart.hide("best band", "best mean");

    // the same changes in standard deviations of the model
    const counts = new Array((2 * WIDEST) / BAR).fill(0);
    used.forEach((i) => {
      const z = (run.delta[i] - p.mu) / stepSize(p, run.t[i]);
      counts[Math.min(Math.max(Math.floor((z + WIDEST) / BAR), 0), counts.length - 1)]++;
    });
    const shares = counts.map((count) => count / used.length), most = Math.max(0.25, ...shares);
    shape.frame({ x: [-WIDEST, WIDEST], y: [0, Math.ceil(most * 10.5) / 10], xTicks: [-4, -2, 0, 2, 4], yFormat: (value) => perCent(value) });
    const base = shape.y(0), bars = shares.map((share, i) => `M${shape.x(-WIDEST + i * BAR) + 0.5},${base}V${shape.y(share)}H${shape.x(-WIDEST + (i + 1) * BAR) - 0.5}V${base}Z`);
    shape.part("bars", "path", "arbook-bars").setAttribute("d", bars.join(""));
    const zs = Array.from({ length: 81 }, (_, i) => -WIDEST + (i * WIDEST) / 40);
    shape.line("curve", zs, zs.map((z) => BAR * normalPdf(z)), "arbook-line arbook-first");

    // the likelihood
    const likelihood = logLikelihood(p, ts, deltas), here = veiled ? -Infinity : likelihood;
    best.set(key, Math.max(best.get(key) ?? -Infinity, here));
    bench.show({ veiled, likelihood, best: best.get(key), top: revealed ? fit.logLikelihood : null, catastrophes, any: far.length > 0 });

    const one = (value) => formatNumber(value, 1), inUnit = unit === run.metric ? `(${unit})` : unit, name = (q) => `σ₀ = ${significant(q.sigma0)}, γ = ${formatNumber(q.gamma, 3)} and μ = ${signed(q.mu)}`;
    const rule = !far.length ? "no catastrophes" : catastrophes ? `${plural(far.length, "catastrophe")} counted in` : `${plural(far.length, "catastrophe")} left out`;
    const model = ts.reduce((sum, t) => sum + keepProbability(p, t), 0) / ts.length, real = deltas.filter((d) => d < 0).length / deltas.length;
    let sentence = `With ${name(p)} ${inUnit} the log likelihood of ${used.length} changes is ${one(likelihood)} (${rule}). `
      + `This model would keep ${perCent(model)} of them; the run improved with ${perCent(real)}.`;
    if (veiled) sentence += " Commit to an answer, or move any control, to go on.";
    else if (revealed) {
      const below = fit.logLikelihood - likelihood;
      sentence += ` The largest possible is ${one(fit.logLikelihood)}, at ${name(fit)}: yours is ${one(Math.max(0, below))} less, `
        + (below < 2 ? "hardly a difference at all." : below < 10 ? "close, but the data can tell." : "and the data can tell.");
    }
    const [without, withAll] = panel.data.runs[0].fits.map((f) => f.mu);
    return { sentence, truth: without * withAll < 0 ? 2 : Math.abs(withAll / without - 1) > 0.5 ? 1 : 0 };
  };
});

function outline(chart, xs, ys) {
  return xs.map((x, i) => (i ? "L" : "M") + chart.x(x).toFixed(1) + "," + chart.y(ys[i]).toFixed(1)).join("");
}

// The score, and what can be asked for.
function makeFitBench(panel) {
  const box = panel.element("div", "arbook-game"), score = panel.element("span", "arbook-score"), record = panel.element("span", "arbook-note");
  const number = panel.element("b");
  score.append("log likelihood ", number);
  box.append(score, record);
  let does = {};
  const buttons = panel.element("span", "arbook-choices");
  const reveal = panel.button("Reveal the best fit", () => does.reveal(), { parent: buttons });
  const there = panel.button("Move the sliders there", () => does.goThere(), { parent: buttons });
  const count = panel.button("Count catastrophes in", () => does.count(), { parent: buttons });
  reveal.classList.add("arbook-primary");
  reveal.dataset.do = "reveal";
  there.dataset.do = "go-there";
  count.dataset.do = "count";
  count.classList.add("arbook-switch");
  count.setAttribute("role", "switch");
  box.append(buttons);
  panel.figure.append(box);
  return {
    connect(actions) { does = actions; },
    show({ veiled, likelihood, best, top, catastrophes, any }) {
      number.textContent = formatNumber(likelihood, 1);
      record.textContent = top !== null ? `largest possible ${formatNumber(top, 1)}` : best > likelihood + 0.05 ? `your best ${formatNumber(best, 1)}` : veiled ? "" : "your best so far";
      buttons.hidden = veiled;
      there.hidden = top === null;
      count.hidden = !any;
      count.setAttribute("aria-checked", String(catastrophes === 1));
      reveal.textContent = top === null ? "Reveal the best fit" : "Hide the best fit";
    },
  };
}
