// First decisions on noisy measurements, lucky ones among those that are kept; and the mean of many runs: what the log
// says, and what is true.
import { normals } from "./model/draws.js";
import { margin } from "./model/keep_rules.js";
import { bestThreshold, noiseOfMean, noisyStep, simulateNoisy } from "./model/noise.js";
import { standardError } from "./model/simulation.js";
import { bias, stepSize } from "./model/parameters.js";
import { rangeOf } from "./inverse.js";
import { formatNumber, latest, range, rounded } from "./numbers.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { runs, most, f0 } = panel.data;
  panel.toggle("Measure the incumbent afresh in every experiment", "remeasure");
  const first = panel.chart({ xLabel: "change as measured",
    yLabel: "first changes as they are, bits per byte", left: 58 });
  const mean = panel.chart({ xLabel: "measurements", yLabel: `mean of ${runs} runs, bits per byte`, left: 58 });
  first.layers("kept side", "zero", "discarded", "better", "worse", "margin");
  mean.layers("curse", "other", "logged", "true");
  panel.legend([
    ["arbook-dot arbook-first", "kept, and better"],
    ["arbook-dot arbook-second", "kept by luck: worse"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-first", "true metric of the incumbent"],
    ["arbook-line arbook-second arbook-dashed", "what the log says"],
    ["arbook-band arbook-second", "winner’s curse"],
    ["arbook-line arbook-many arbook-clear", "true, for comparison"],
  ]);
  panel.time({ last: ({ n }) => n, show: (t) => mean.uncover(t ?? undefined) });
  const [variant, measured, fresh] = range(3).map((kind) => latest((seed) => normals(seed, runs, most + 1, kind)));

  // The first change of each run, as it is and as the measurements of it and of the incumbent say.
  function drawFirst(state) {
    const { seed, threshold, remeasure, noise, mu, sigma0 } = state, row = most + 1, nu = noiseOfMean(state);
    const changes = range(runs).map((run) => {
      const real = bias(state, 0) + stepSize(state, 0) * variant(seed)[run * row];
      const before = remeasure ? fresh(seed)[run * row] : measured(seed)[run * row];
      return { real, said: real + nu * (measured(seed)[run * row + 1] - before) };
    });
    const high = Math.abs(mu) + 3.2 * sigma0, wide = Math.abs(mu) + 3.2 * Math.hypot(sigma0, Math.SQRT2 * noise);
    first.frame({ x: [-wide, wide], y: [-high, high] });
    const from = Math.max(-threshold, -wide), side = [-wide, from];
    first.band("kept side", side, [-high, -high], [high, high], "arbook-band arbook-many");
    first.rule("zero", { y: 0 }, "arbook-line arbook-rule");
    first.rule("margin", { x: from }, "arbook-line arbook-ink arbook-thin");
    first.text("kept words", -wide, high, "kept", "arbook-soft", { dx: 6, dy: 14 });
    const dots = (name, test, look) => {
      const some = changes.filter(({ real, said }) => test(said < -threshold, real < 0));
      first.dots(name, some.map(({ said }) => said), some.map(({ real }) => real), `arbook-dot ${look}`, 3);
    };
    dots("discarded", (kept) => !kept, "arbook-hollow arbook-fine");
    dots("better", (kept, better) => kept && better, "arbook-first");
    dots("worse", (kept, better) => kept && !better, "arbook-second");
    const { low, high: largest } = rangeOf(panel, "threshold");
    first.grip("margin", from, -0.85 * high, (x) => {
      panel.set({ threshold: rounded(Math.min(Math.max(-x, low), largest)) });
    }, "arbook-ink");
  }

  // The runs of one rule: experiments, and the mean of all.
  function runsOf(state) {
    const { seed } = state, remeasure = Boolean(state.remeasure);
    const z = { variant: variant(seed), measured: measured(seed), fresh: remeasure ? fresh(seed) : measured(seed) };
    const cost = state.repeats * (remeasure ? 2 : 1), count = Math.floor(state.n / cost);
    const how = { ...state, keepRule: margin(state.threshold), remeasure, f0 };
    const { trueMetric, logged } = simulateNoisy(state, count, z, most + 1, runs, how);
    const average = (rows) => {
      const mean = new Float64Array(count + 1);
      for (let run = 0, o = 0; run < runs; run++) for (let t = 0; t <= count; t++) mean[t] += rows[o++] / runs;
      return mean;
    };
    const ends = range(runs).map((run) => trueMetric[run * (count + 1) + count]);
    return {
      count, xs: range(count + 1).map((t) => t * cost), error: standardError(ends),
      mean: { true: average(trueMetric), logged: average(logged) },
    };
  }

  // What is drawn beside it, by what it depends on.
  const besideOf = latest((remeasure, ...values) => {
    const [seed, n, noise, mu, sigma0, gamma, threshold, repeats] = values;
    return runsOf({ seed, n, noise, mu, sigma0, gamma, threshold, repeats, remeasure });
  });

  return (state) => {
    const { n, threshold, repeats, remeasure, veiled } = state, found = runsOf(state);
    // beside it the plain rule on as many measurements; and at the start what the question asks about
    const asked = panel.atStart(), plain = threshold === 0 && repeats === 1 && !remeasure;
    const common = [state.seed, n, state.noise, state.mu, state.sigma0, state.gamma];
    const other = asked ? besideOf(1, ...common, threshold, repeats) : plain ? null : besideOf(0, ...common, 0, 1);
    const beside = asked && !state.told ? null : other;

    drawFirst(state);
    const shown = [...Object.values(found.mean), ...(beside ? [beside.mean.true] : [])];
    let low = f0, high = f0;
    for (const line of shown) for (const v of line) { low = Math.min(low, v); high = Math.max(high, v); }
    const room = Math.max(high - low, 1e-6) * 0.06, y = [low - room, high + room];
    const { logged, true: real } = found.mean;
    mean.frame({ x: [0, n], y });
    mean.band("curse", found.xs, logged, real, "arbook-band arbook-second");
    mean.line("logged", found.xs, logged, "arbook-line arbook-second arbook-dashed");
    mean.line("true", found.xs, real, "arbook-line arbook-first");
    mean.hide("other", "other words");
    if (beside) {
      const at = Math.floor(0.62 * beside.count), words = asked ? "measured afresh" : "plain rule";
      mean.line("other", beside.xs, beside.mean.true, "arbook-line arbook-many arbook-clear");
      const look = "arbook-label arbook-soft";
      mean.beside("other words", beside.xs[at], beside.mean.true[at], words, look, ["other", "true", "logged"]);
    }

    let truth = 0;
    if (asked && other) { // better, the same, worse: within three standard errors it is the same
      const gap = last(other.mean.true) - last(found.mean.true), error = 3 * Math.hypot(found.error, other.error);
      truth = gap < -error ? 0 : gap > error ? 2 : 1;
    }
    const open = "The pictures show the plain rule: the incumbent keeps the value that was measured when it was kept. "
      + "Commit to an answer, or move any control. ";
    return { sentence: (veiled ? open : "") + saidOfNoise(state, found, beside, asked, f0), truth };
  };
});

function saidOfNoise(state, found, beside, asked, f0) {
  const fine = (v) => formatNumber(v, 4), five = (v) => formatNumber(v, 5);
  const trueGain = f0 - last(found.mean.true), loggedGain = f0 - last(found.mean.logged);
  const noise = noiseOfMean(state), law = noisyStep(state, 0, noise, state.threshold);
  const changes = found.count === 1 ? "1 variant" : `${found.count} variants`;
  let words = `With ${state.n} measurements, enough for ${changes}, the mean true gain is ${fine(trueGain)} ± `
    + `${fine(found.error)} bits per byte; the log says ${fine(loggedGain)}. `
    + `The curse is ${fine(loggedGain - trueGain)}. `;
  if (beside) {
    const name = asked ? "With a fresh incumbent the true gain is" : "The plain rule gains";
    words += `${name} ${fine(f0 - last(beside.mean.true))}. `;
  }
  return `${words}By the law the first decision gains ${five(law.trueGain)} in truth and ${five(law.loggedGain)} `
    + `in the log; its best margin is ${fine(bestThreshold(state, 0, noise))}.`;
}

function last(values) {
  return values[values.length - 1];
}
