// The keep probability over a run with simulated frequencies, and as a function of -mu/sigma with real runs.
import { normals } from "./model/draws.js";
import { keepProbability, skill } from "./model/laws.js";
import { normalCdf } from "./model/normal.js";
import { frequencyBand, keepFrequencies } from "./model/simulation.js";
import { expectedKeeps, keepsStd } from "./model/totals.js";
import { formatNumber, latest, perCent, range } from "./numbers.js";
import { explorer } from "./panel.js";

const A_END = 3.2; // the right picture goes from -A_END to A_END
const A_GRID = range(129).map((i) => (A_END * (i - 64)) / 64);
const SHARES = { y: [0, 1.04], yTicks: [0, 0.25, 0.5, 0.75, 1], yFormat: (v) => perCent(v) };

export default explorer((panel) => {
  const { n, real } = panel.data, ts = range(n), height = (width) => Math.min(310, Math.max(240, width * 0.85));
  const time = panel.chart({ xLabel: "experiment t", yLabel: "keep probability", height });
  const curve = panel.chart({ xLabel: "−μ/σ", yLabel: "keep probability", height });
  panel.time({ last: () => n, show: (t) => time.uncover(t ?? undefined) });
  time.ghosts("curve");
  time.layers("half", "band", "found", "curve");
  curve.layers("stated", "stated words", "law", "walk", "real", "shown", "ends");
  panel.legend([
    ["arbook-line arbook-first", "this run, exact"],
    ["arbook-dot arbook-sample", "simulated runs"],
    ["arbook-band arbook-first", "95 % of the dots"],
    ["arbook-dot arbook-second", "real runs"],
  ]);
  const draw = latest((seed, runs) => normals(seed, runs, n));

  return (state) => {
    const { mu, runs, seed, veiled } = state;
    const probs = ts.map((t) => keepProbability(state, t)), found = keepFrequencies(state, n, draw(seed, runs), runs);

    // left: over the run
    time.frame({ x: [0, n], ...SHARES });
    time.rule("half", { y: 0.5 }, "arbook-line arbook-rule arbook-dashed");
    const drawn = veiled ? 10 : n;
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

    // right: the law as a curve; a run moves along it
    const first = skill(state, 0), last = skill(state, n - 1), inside = (a) => Math.min(Math.max(a, -A_END), A_END);
    curve.frame({ x: [-A_END, A_END], xTicks: [-3, -2, -1, 0, 1, 2, 3], ...SHARES });
    curve.band("stated", [0, A_END], [0, 0], [1.04, 1.04], "arbook-band arbook-many");
    curve.text("stated words", A_END, 0.33, "the model: μ ≤ 0", "arbook-label arbook-soft", { anchor: "end", dx: -8 });
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
      const ends = [inside(first), inside(last)], words = mu === 0 ? ["every t", ""] : ["t = 0", `t = ${n - 1}`];
      curve.dots("ends", ends, ends.map(normalCdf), "arbook-dot arbook-first", 5.5);
      ["first words", "last words"].forEach((name, i) => {
        const place = { anchor: "end", dx: -11, dy: ends[i] < -1 ? -8 : 2 };
        curve.text(name, ends[i], normalCdf(ends[i]), words[i], "arbook-label arbook-first", place);
      });
    }

    const { gamma } = state, keeps = (sigma0) => expectedKeeps({ sigma0, gamma, mu: 0 }, n);
    const bold = keeps(0.05), timid = keeps(0.0005), truth = bold > timid ? 0 : bold < timid ? 1 : 2;
    return { sentence: veiled ? KEEPS_QUESTION : saidOfKeeps(state, probs, found, real), truth };
  };
});

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
