// The changes of a run, which widen and narrow; the keep probability, which need not, with simulated frequencies; and
// its law as a function of -mu/sigma, with real runs.
import { normals } from "./model/draws.js";
import { keepProbability, skill } from "./model/laws.js";
import { normalCdf } from "./model/normal.js";
import { bias, stepSize } from "./model/parameters.js";
import { frequencyBand, keepFrequencies } from "./model/simulation.js";
import { expectedKeeps, keepsStd } from "./model/totals.js";
import { rangeOf } from "./inverse.js";
import { formatNumber, latest, perCent, range, rounded } from "./numbers.js";
import { explorer } from "./panel.js";

const A_END = 3.2; // the right picture goes from -A_END to A_END
const A_GRID = range(129).map((i) => (A_END * (i - 64)) / 64);
const BOLD = 0.05, TIMID = 0.0005; // first steps of the two runs that the question is about
const WIDE = 2; // deviations to either side of the mean in which the changes are drawn
const SHARES = { y: [0, 1.04], yTicks: [0, 0.25, 0.5, 0.75, 1], yFormat: (v) => perCent(v) };

export default explorer((panel) => {
  const { n, real } = panel.data, ts = range(n), height = (width) => Math.min(240, Math.max(190, width * 0.7));
  const changes = panel.chart({ xLabel: "experiment t", yLabel: "change, bits per byte", height });
  const time = panel.chart({ xLabel: "experiment t", yLabel: "keep probability", height });
  const curve = panel.chart({ xLabel: "−μ/σ", yLabel: "keep probability", height });
  for (const chart of [changes, time]) chart.host.classList.add("arbook-half");
  panel.time({ last: () => n, show(t) { for (const chart of [changes, time]) chart.uncover(t ?? undefined); } });
  changes.layers("spread", "zero", "mean", "upper", "lower", "discarded", "kept");
  changes.ghosts("upper", "lower");
  time.ghosts("curve");
  time.layers("half", "band", "found", "curve");
  curve.layers("stated", "law", "walk", "real", "shown", "ends");
  panel.legend([
    ["arbook-dot arbook-third", "kept"],
    ["arbook-dot arbook-many", "discarded"],
    ["arbook-line arbook-first", "probability, exact"],
    ["arbook-dot arbook-sample", "simulated runs"],
    ["arbook-band arbook-first", "95 % of the dots"],
    ["arbook-dot arbook-second", "real runs"],
  ]);
  const { high: mostRuns } = rangeOf(panel, "runs"), few = panel.spec.start.runs;
  const draw = latest((seed, many) => normals(seed, many ? mostRuns : few, n)); // fewer runs are the first of them

  return (state) => {
    const { mu, runs, seed, veiled } = state;
    const probs = ts.map((t) => keepProbability(state, t)), z = draw(seed, Number(runs > few));
    const found = keepFrequencies(state, n, z, runs);

    const drawn = veiled ? 10 : n;
    drawChanges(changes, panel, state, z.subarray(0, drawn), n);

    // the rate over the run
    time.frame({ x: [0, n], ...SHARES });
    time.hide("each words");
    time.rule("half", { y: 0.5 }, "arbook-line arbook-rule arbook-dashed");
    if (veiled) {
      time.hide("band", "curve");
      time.ask(n / 2, 0.25, "Which keeps more?");
    } else {
      const ends = probs.map((p) => frequencyBand(p, runs));
      time.hide("ask");
      time.band("band", ts, ends.map(({ low }) => low), ends.map(({ high }) => high), "arbook-band arbook-first");
    }
    time.dots("found", ts.slice(0, drawn), found.slice(0, drawn), "arbook-dot arbook-sample", 2.6);
    if (!veiled) time.line("curve", ts, probs, "arbook-line arbook-first");
    if (state.told) {
      const words = `both ${perCent(0.5)}`, place = { anchor: "middle", dy: -16 };
      time.text("each words", n / 2, 0.5, words, "arbook-label arbook-first", place);
    }

    // the law as a curve; a run moves along it
    const first = skill(state, 0), last = skill(state, n - 1), inside = (a) => Math.min(Math.max(a, -A_END), A_END);
    curve.frame({ x: [-A_END, A_END], xTicks: [-3, -2, -1, 0, 1, 2, 3], ...SHARES });
    curve.band("stated", [0, A_END], [0, 0], [1.04, 1.04], "arbook-band arbook-many");
    curve.text("stated words", A_END, 0.42, "model: μ ≤ 0", "arbook-label arbook-soft", { anchor: "end", dx: -8 });
    curve.line("law", A_GRID, A_GRID.map(normalCdf), "arbook-line arbook-ink arbook-thin");
    curve.hide("walk", "ends", "first words", "last words");
    if (!veiled) {
      const from = inside(Math.min(first, last)), to = inside(Math.max(first, last));
      const path = [from, ...A_GRID.filter((a) => a > from && a < to), to];
      curve.line("walk", path, path.map(normalCdf), "arbook-line arbook-first arbook-thick");
    }
    const shown = real[0], others = real.slice(1);
    const rates = others.map((run) => run.rate);
    curve.dots("real", others.map((run) => run.a), rates, "arbook-dot arbook-second arbook-faint", 3.6);
    curve.dots("shown", [shown.a], [shown.rate], "arbook-dot arbook-second", 5.5);
    const named = `${shown.name} ${perCent(shown.rate, 1)}`;
    curve.text("real words", shown.a, shown.rate, named, "arbook-label arbook-second", { dx: 11, dy: 12 });
    if (!veiled) {
      const ends = [inside(first), inside(last)], words = mu === 0 ? ["50 %, any σ₀", ""] : ["t = 0", `t = ${n - 1}`];
      curve.dots("ends", ends, ends.map(normalCdf), "arbook-dot arbook-first", 5.5);
      ["first words", "last words"].forEach((name, i) => {
        const place = { anchor: "end", dx: -11, dy: ends[i] < -1 ? -8 : 2 };
        curve.text(name, ends[i], normalCdf(ends[i]), words[i], "arbook-label arbook-first", place);
      });
    }

    const { gamma } = state, keeps = (sigma0) => expectedKeeps({ sigma0, gamma, mu: 0 }, n);
    const [bold, timid] = [BOLD, TIMID].map(keeps), truth = bold > timid ? 0 : bold < timid ? 1 : 2;
    return { sentence: veiled ? KEEPS_QUESTION : saidOfKeeps(state, probs, found, real), truth };
  };
});

// The changes of one run, with the range in which most of them lie; its end is dragged, and so is their mean.
function drawChanges(chart, panel, p, z, n) {
  const ts = range(n), mean = ts.map((t) => bias(p, t)), delta = [...z].map((v, t) => mean[t] + stepSize(p, t) * v);
  const [high, low] = [1, -1].map((side) => ts.map((t) => mean[t] + side * WIDE * stepSize(p, t)));
  const most = 1.6 * Math.max(high[0], -low[0]);
  chart.frame({ x: [0, n], y: [-most, most], xTicks: [0, n / 2, n], steady: true });
  chart.rule("zero", { y: 0 }, "arbook-line arbook-rule");
  const [kept, discarded] = [(v) => v < 0, (v) => v >= 0]
    .map((test) => ts.slice(0, z.length).filter((t) => test(delta[t])));
  chart.dots("discarded", discarded, discarded.map((t) => delta[t]), "arbook-dot arbook-many", 2.6);
  chart.dots("kept", kept, kept.map((t) => delta[t]), "arbook-dot arbook-third", 2.6);
  if (z.length < n) return chart.hide("spread", "mean", "upper", "lower");
  chart.band("spread", ts, low, high, "arbook-band arbook-many");
  chart.line("mean", ts, mean, "arbook-line arbook-thin arbook-ink arbook-dashed");
  chart.line("upper", ts, high, "arbook-line arbook-thin arbook-key-ink");
  chart.line("lower", ts, low, "arbook-line arbook-thin arbook-key-ink");
  const drag = (name, value) => {
    const { low: least, high: largest } = rangeOf(panel, name);
    panel.set({ [name]: rounded(Math.min(Math.max(value, least), largest)) });
  };
  chart.grip("width", 0, high[0], (_, y) => drag("sigma0", (y - p.mu) / WIDE), "arbook-ink");
  return chart.grip("mean", n, mean[n - 1], (_, y) => drag("mu", y), "arbook-ink");
}

const KEEPS_QUESTION = "The dots are the keep frequencies of the first ten experiments without bias. "
  + "Commit to an answer, or move any control, to see the whole run.";

function saidOfKeeps(state, probs, found, real) {
  const { mu, runs } = state, n = probs.length, one = (v) => formatNumber(v, 1), percent = (p) => perCent(p, 1);
  const first = percent(probs[0]), last = percent(probs[n - 1]);
  const simulated = found.reduce((sum, share) => sum + share, 0);
  const change = mu === 0 ? `is ${first} in every experiment, whatever the step size`
    : `${mu < 0 ? "rises" : "falls"} from ${first} in the first experiment to ${last} in the last`;
  const where = mu > 0 ? "μ > 0 is outside the range that the model states, and it is where the real runs are: "
    : `All ${real.length} real runs lie where μ is positive: `;
  return `The keep probability ${change}. A run of ${n} experiments keeps ${one(expectedKeeps(state, n))} ± `
    + `${one(keepsStd(state, n))}; the ${runs} simulated runs kept ${one(simulated)} on average. `
    + where + `${real[0].name} kept ${percent(real[0].rate)}, as if −μ/σ were ${formatNumber(real[0].a, 2)}.`;
}
