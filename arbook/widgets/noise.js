// A run whose measurements are noisy, and the mean of many: what the log says, and what is true.
import { normals } from "./model/draws.js";
import { bestThreshold, noiseOfMean, noisyStep, simulateNoisy } from "./model/noise.js";
import { standardError } from "./model/simulation.js";
import { formatNumber } from "./svg.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { runs, most, f0 } = panel.data, row = panel.element("div", "arbook-switch-row");
  panel.figure.before(row);
  const toggle = panel.button("Measure the incumbent afresh in every experiment", () => panel.set({ remeasure: 1 - panel.state().remeasure }), { parent: row });
  toggle.setAttribute("role", "switch");
  toggle.classList.add("arbook-switch");
  const one = panel.chart({ xLabel: "measurements", yLabel: "one run, bits per byte", left: 58 });
  const mean = panel.chart({ xLabel: "measurements", yLabel: `mean of ${runs} runs, bits per byte`, left: 58 });
  mean.layers("curse", "other", "logged", "true");
  panel.legend([
    ["arbook-line arbook-first", "true metric of the incumbent"],
    ["arbook-line arbook-second arbook-dashed", "what the log says"],
    ["arbook-band arbook-second", "winner’s curse"],
    ["arbook-line arbook-many arbook-clear", "true, for comparison"],
  ]);
  let draws = { key: null }, known = { key: "" };

  // The runs of one rule: experiments, the first run, and the mean of all.
  function runsOf(state) {
    if (draws.key !== state.seed) {
      draws = { key: state.seed, variant: normals(state.seed, runs, most + 1), measured: normals(state.seed, runs, most + 1, 1), fresh: null };
    }
    if (state.remeasure && !draws.fresh) draws.fresh = normals(state.seed, runs, most + 1, 2);
    const cost = state.repeats * (state.remeasure ? 2 : 1), count = Math.floor(state.n / cost);
    const { trueMetric, logged } = simulateNoisy(state, count, draws, most + 1, runs, { ...state, remeasure: Boolean(state.remeasure), f0 });
    const average = (rows) => {
      const mean = new Float64Array(count + 1);
      for (let run = 0, o = 0; run < runs; run++) for (let t = 0; t <= count; t++) mean[t] += rows[o++] / runs;
      return mean;
    };
    const ends = Array.from({ length: runs }, (_, run) => trueMetric[run * (count + 1) + count]);
    return {
      count, xs: Array.from({ length: count + 1 }, (_, t) => t * cost), error: standardError(ends),
      run: { true: trueMetric.subarray(0, count + 1), logged: logged.subarray(0, count + 1) },
      mean: { true: average(trueMetric), logged: average(logged) },
    };
  }

  return (state) => {
    const { n, noise, threshold, repeats, remeasure, veiled } = state, found = runsOf(state);
    toggle.setAttribute("aria-checked", String(remeasure === 1));
    // beside it the plain rule on as many measurements; and at the start what the question asks about
    const asked = panel.atStart(), plain = threshold === 0 && repeats === 1 && !remeasure;
    const other = asked ? { ...state, remeasure: 1 } : plain ? null : { ...state, threshold: 0, repeats: 1, remeasure: 0 };
    const key = other && [state.seed, n, noise, state.mu, state.sigma0, state.gamma, asked].join();
    if (key && known.key !== key) known = { key, found: runsOf(other) };
    const beside = key && !(asked && !state.guess) ? known.found : null;

    const shown = [found.run.true, found.run.logged, found.mean.true, found.mean.logged, ...(beside ? [beside.mean.true] : [])];
    let low = f0, high = f0;
    for (const line of shown) for (const v of line) { low = Math.min(low, v); high = Math.max(high, v); }
    const room = Math.max(high - low, 1e-6) * 0.06, y = [low - room, high + room];
    for (const [chart, lines] of [[one, found.run], [mean, found.mean]]) {
      const single = chart === one;
      chart.frame({ x: [0, n], y });
      if (!single) chart.band("curse", found.xs, lines.logged, lines.true, "arbook-band arbook-second");
      chart.line("logged", found.xs, lines.logged, "arbook-line arbook-second arbook-dashed", { step: single });
      chart.line("true", found.xs, lines.true, "arbook-line arbook-first", { step: single });
    }
    mean.hide("other", "other words");
    if (beside) {
      const at = Math.floor(0.62 * beside.count), words = asked ? "measured afresh" : "plain rule";
      mean.line("other", beside.xs, beside.mean.true, "arbook-line arbook-many arbook-clear");
      mean.text("other words", beside.xs[at], beside.mean.true[at], words, "arbook-label arbook-soft", { anchor: "middle", dy: -8 });
    }

    let truth = 0;
    if (asked) { // better, the same, worse: within three standard errors it is the same
      const gap = last(known.found.mean.true) - last(found.mean.true), error = 3 * Math.hypot(found.error, known.found.error);
      truth = gap < -error ? 0 : gap > error ? 2 : 1;
    }
    const open = "The pictures show the plain rule: the incumbent keeps the value that was measured when it was kept. Commit to an answer, or move any control. ";
    return { sentence: (veiled ? open : "") + saidOfNoise(state, found, beside, asked, f0), truth };
  };
});

function saidOfNoise(state, found, beside, asked, f0) {
  const fine = (v) => formatNumber(v, 4), trueGain = f0 - last(found.mean.true), loggedGain = f0 - last(found.mean.logged);
  const noise = noiseOfMean(state), law = noisyStep(state, 0, noise, state.threshold);
  const changes = found.count === 1 ? "1 variant" : `${found.count} variants`;
  let words = `With ${state.n} measurements, enough for ${changes}, the mean true gain is ${fine(trueGain)} ± ${fine(found.error)} bits per byte; the log says ${fine(loggedGain)}. The curse is ${fine(loggedGain - trueGain)}. `;
  if (beside) words += `${asked ? "With a fresh incumbent the true gain is" : "The plain rule gains"} ${fine(f0 - last(beside.mean.true))}. `;
  return words + `By the law the first decision gains ${formatNumber(law.trueGain, 5)} in truth and ${formatNumber(law.loggedGain, 5)} in the log; its best margin is ${fine(bestThreshold(state, 0, noise))}.`;
}

function last(values) {
  return values[values.length - 1];
}
