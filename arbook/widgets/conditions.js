// Gain area against the first step size under crashes, a floor and a price of boldness, and runs at one step size.
import { crashProbability, simulateConditions } from "./model/conditions.js";
import { normals, uniforms } from "./model/draws.js";
import { stepSize } from "./model/parameters.js";
import { standardError } from "./model/simulation.js";
import { symmetricGainArea } from "./model/totals.js";
import { boldnessCost } from "./model/tuning.js";
import { formatNumber } from "./svg.js";
import { explorer } from "./panel.js";

const RUNS_SHOWN = 12;

/** Sum of `values[from ... to - 1]`: a loop, since a key waits for half a million additions. */
function sum(values, from = 0, to = values.length) {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i];
  return total;
}

export default explorer((panel) => {
  const { runs, most, f0, low, high, tried } = panel.data;
  const sigmas = Array.from({ length: tried }, (_, i) => low * (high / low) ** (i / (tried - 1)));
  const height = (width) => Math.min(330, Math.max(250, width * 0.9));
  const curve = panel.chart({ xLabel: "initial step size σ₀, bits per byte", yLabel: "mean gain area", height, left: 44 });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "frontier, bits per byte", height, left: 52 });
  curve.layers("stated", "areas", "best", "point");
  chart.layers("floor", "runs", "mean");
  panel.legend([
    ["arbook-line arbook-ink arbook-dashed", "the model as stated"],
    ["arbook-line arbook-first", "under these conditions"],
    ["arbook-dot arbook-best", "best step size tried"],
    ["arbook-dot arbook-second", "the step size drawn"],
    ["arbook-line arbook-many", "its runs"],
  ]);
  curve.onPoint((sigma0) => panel.set({ sigma0: Number(Math.min(Math.max(sigma0, low), high).toPrecision(3)) }));
  let draws = { key: null }, known = { key: "" };

  return (state) => {
    const { n, seed, cost, kappa, gamma, floor, veiled } = state, under = { kappa, room: f0 - floor }, charge = boldnessCost(cost);
    const at = (sigma0) => ({ sigma0, gamma, mu: charge(sigma0, gamma) });
    if (draws.key !== seed) draws = { key: seed, z: normals(seed, runs, most), u: uniforms(seed, runs, most, 1) };
    const gainsOf = (sigma0, out) => simulateConditions(at(sigma0), n, draws.z, draws.u, runs, most, under, out);

    // the curve: made again only when the conditions change, not when the step size drawn moves
    const key = [seed, n, cost, kappa, gamma, floor].join();
    if (known.key !== key) {
      const scratch = new Float64Array(runs * n), areas = sigmas.map((sigma0) => sum(gainsOf(sigma0, scratch)) / runs);
      known = { key, areas, best: areas.indexOf(Math.max(...areas)), stated: sigmas.map((sigma0) => symmetricGainArea(sigma0, gamma, n)) };
    }
    const { areas, best, stated } = known, gains = gainsOf(state.sigma0);
    const sums = Array.from({ length: runs }, (_, run) => sum(gains, run * n, (run + 1) * n));
    const area = sum(sums) / runs, error = standardError(sums);
    const top = 3 * areas[best], least = Math.max(Math.min(top / 90, area / 1.5), top / 1e4);
    curve.frame({ x: [low, high], y: [least, top], xLog: true, yLog: true, xTicks: [0.001, 0.01, 0.1] });
    const seen = (values) => { // what lies in the frame
      const inside = sigmas.flatMap((sigma0, i) => (values[i] >= least && values[i] <= top ? [[sigma0, values[i]]] : []));
      return [inside.map(([x]) => x), inside.map(([, y]) => y)];
    };
    curve.line("stated", ...seen(stated), "arbook-line arbook-ink arbook-thin arbook-dashed");
    curve.hide("areas", "best", "ask");
    if (veiled) curve.text("ask", Math.sqrt(low * high), top, "Where is the best first step?", "arbook-hint", { anchor: "middle", dy: 26 });
    else {
      curve.line("areas", ...seen(areas), "arbook-line arbook-first");
      curve.dots("best", [sigmas[best]], [areas[best]], "arbook-dot arbook-best", 9);
    }
    curve.dots("point", [state.sigma0], [Math.max(area, least)], "arbook-dot arbook-second", 8);

    const xs = Array.from({ length: n + 1 }, (_, t) => t), mean = new Float64Array(n + 1).fill(f0), paths = new Float64Array(RUNS_SHOWN * (n + 1)).fill(f0);
    let deepest = f0, arrived = 0;
    for (let run = 0; run < runs; run++) {
      for (let t = 1; t <= n; t++) {
        const gain = gains[run * n + t - 1];
        mean[t] -= gain / runs;
        if (run < RUNS_SHOWN) paths[run * (n + 1) + t] = f0 - gain;
      }
      if (run < RUNS_SHOWN) deepest = Math.min(deepest, paths[(run + 1) * (n + 1) - 1]);
      if (gains[(run + 1) * n - 1] === under.room) arrived++;
    }
    const room = 0.06 * Math.max(f0 - deepest, 1e-4);
    chart.frame({ x: [0, n], y: [deepest - room, f0 + room / 3] });
    chart.hide("floor", "floor words");
    if (floor >= deepest - room) {
      chart.rule("floor", { y: floor }, "arbook-line arbook-rule arbook-dashed");
      chart.text("floor words", n, floor, "floor", "arbook-label arbook-soft", { anchor: "end", dx: -6, dy: -6 });
    }
    chart.lines("runs", xs, paths, "arbook-line arbook-many");
    chart.line("mean", xs, mean, "arbook-line arbook-second");

    let crashes = 0;
    for (let t = 0; t < n; t++) crashes += crashProbability(stepSize(at(state.sigma0), t), kappa) / n;
    const fine = (v, like = v) => formatNumber(v, like >= 100 ? 1 : like >= 1 ? 2 : 3), sigma = (v) => Number(v.toPrecision(3));
    const here = `At σ₀ = ${sigma(state.sigma0)} an experiment crashes with probability ${formatNumber(crashes, 3)} on average, ${arrived} of ${runs} runs end at the floor of ${formatNumber(floor, 2)}, and the mean frontier of ${n} experiments ends at ${formatNumber(mean[n], 4)}. The mean gain area is ${fine(area)} ± ${fine(error, area)} bits per byte × experiments; as stated it would be ${fine(symmetricGainArea(state.sigma0, gamma, n))}.`;
    const truth = sigmas[best] < kappa / 1.3 ? 0 : sigmas[best] > 1.3 * kappa ? 2 : 1;
    if (veiled) return { sentence: `${here} Commit to an answer, or move any control, to see the other step sizes.`, truth };
    const edge = best === 0 ? ", the smallest," : best === tried - 1 ? ", the largest," : "";
    return { sentence: `${here} Of ${tried} first step sizes with the same luck ${sigma(sigmas[best])}${edge} is best, with ${fine(areas[best])}.`, truth };
  };
});
