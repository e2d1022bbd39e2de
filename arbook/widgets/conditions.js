// Gain area against the first step size under crashes, a floor and a price of boldness, and runs at one step size.
import { crashProbability, simulateConditions } from "./model/conditions.js";
import { normals, uniforms } from "./model/draws.js";
import { stepSize } from "./model/parameters.js";
import { standardError } from "./model/simulation.js";
import { symmetricGainArea } from "./model/totals.js";
import { formatNumber, latest, range, rounded } from "./numbers.js";
import { explorer } from "./panel.js";

const RUNS_SHOWN = 12;

/** The sum of some values. */
const sum = (values) => values.reduce((total, value) => total + value, 0);

export default explorer((panel) => {
  const { runs, most, f0, low, high, tried } = panel.data;
  const sigmas = range(tried).map((i) => low * (high / low) ** (i / (tried - 1)));
  const height = (width) => Math.min(330, Math.max(250, width * 0.9)), across = "initial step size σ₀, bits per byte";
  const curve = panel.chart({ xLabel: across, yLabel: "mean gain area", height, left: 44 });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "frontier, bits per byte", height, left: 52 });
  curve.layers("kappa", "stated", "areas", "best", "point");
  chart.layers("floor", "runs", "mean");
  panel.legend([
    ["arbook-line arbook-ink arbook-dashed", "the model as stated"],
    ["arbook-line arbook-first", "under these conditions"],
    ["arbook-dot arbook-best", "best step size tried"],
    ["arbook-dot arbook-second", "the step size drawn"],
    ["arbook-line arbook-many", "its runs"],
    ["arbook-line arbook-second", "their mean"],
  ]);
  panel.time({ last: ({ n }) => n, show: (t) => chart.uncover(t ?? undefined) });
  curve.ghosts("areas");
  chart.ghosts("mean");
  curve.onPoint((sigma0) => panel.set({ sigma0: rounded(Math.min(Math.max(sigma0, low), high)) }));
  const draw = latest((seed) => ({ z: normals(seed, runs, most), u: uniforms(seed, runs, most, 1) }));

  // What runs at one step size have gained, and their gain areas.
  const gains = new Float64Array(runs * most), areasOfRuns = new Float64Array(runs);
  const simulate = ({ n, seed, price, kappa, gamma, floor }, sigma0) => {
    const { z, u } = draw(seed), p = { sigma0, gamma, mu: 0, price };
    simulateConditions(p, n, z, u, runs, most, { kappa, room: f0 - floor }, gains, areasOfRuns);
    return areasOfRuns;
  };
  // made again only when the conditions change, not when the step size drawn moves
  const curves = latest((seed, n, price, kappa, gamma, floor) => {
    const state = { seed, n, price, kappa, gamma, floor };
    const areas = sigmas.map((sigma0) => sum(simulate(state, sigma0)) / runs);
    const stated = sigmas.map((sigma0) => symmetricGainArea(sigma0, gamma, n));
    return { areas, stated, best: areas.indexOf(Math.max(...areas)) };
  });

  return (state) => {
    const { n, seed, price, kappa, gamma, floor, veiled } = state;
    const { areas, best, stated } = curves(seed, n, price, kappa, gamma, floor);
    const sums = [...simulate(state, state.sigma0)], area = sum(sums) / runs, error = standardError(sums);
    const top = 3 * areas[best], least = Math.max(Math.min(top / 90, area / 1.5), top / 1e4);
    curve.frame({ x: [low, high], y: [least, top], xLog: true, yLog: true, xTicks: [0.001, 0.01, 0.1] });
    const line = (name, values, className) => { // what lies in the frame
      const inside = range(tried).filter((i) => values[i] >= least && values[i] <= top);
      curve.line(name, inside.map((i) => sigmas[i]), inside.map((i) => values[i]), className);
    };
    line("stated", stated, "arbook-line arbook-ink arbook-thin arbook-dashed");
    curve.hide("areas", "best", "best words", "ask", "kappa", "kappa words");
    if (kappa <= high) {
      curve.rule("kappa", { x: kappa }, "arbook-line arbook-rule arbook-dashed");
      curve.text("kappa words", kappa, least, "κ", "arbook-label arbook-soft", { dx: 5, dy: -6 });
    }
    if (veiled) curve.ask(Math.sqrt(low * high), top, "Where is the best first step?", 26);
    else {
      line("areas", areas, "arbook-line arbook-first");
      curve.dots("best", [sigmas[best]], [areas[best]], "arbook-dot arbook-best", 9);
    }
    curve.dots("point", [state.sigma0], [Math.max(area, least)], "arbook-dot arbook-second", 8);
    if (!veiled) {
      const words = kappa <= high ? `${formatNumber(sigmas[best] / kappa, 1)} κ` : `${rounded(sigmas[best])}`;
      const off = ["areas", "stated", "point", "kappa"];
      curve.beside("best words", sigmas[best], areas[best], words, "arbook-label", off);
    }

    const xs = range(n + 1), mean = new Float64Array(n + 1).fill(f0);
    const paths = new Float64Array(RUNS_SHOWN * (n + 1)).fill(f0);
    let deepest = f0, arrived = 0;
    for (let run = 0; run < runs; run++) {
      for (let t = 1; t <= n; t++) {
        const gain = gains[run * n + t - 1];
        mean[t] -= gain / runs;
        if (run < RUNS_SHOWN) paths[run * (n + 1) + t] = f0 - gain;
      }
      if (run < RUNS_SHOWN) deepest = Math.min(deepest, paths[(run + 1) * (n + 1) - 1]);
      if (gains[(run + 1) * n - 1] === f0 - floor) arrived++;
    }
    const room = 0.06 * Math.max(f0 - deepest, 1e-4);
    chart.frame({ x: [0, n], y: [deepest - room, f0 + room / 3], steady: true });
    chart.hide("floor", "floor words");
    if (floor >= deepest - room) {
      chart.rule("floor", { y: floor }, "arbook-line arbook-rule arbook-dashed");
      chart.text("floor words", n, floor, "floor", "arbook-label arbook-soft", { anchor: "end", dx: -6, dy: -6 });
    }
    chart.lines("runs", xs, paths, "arbook-line arbook-many");
    chart.line("mean", xs, mean, "arbook-line arbook-second");

    const truth = sigmas[best] < kappa / 1.3 ? 0 : sigmas[best] > 1.3 * kappa ? 2 : 1;
    const p = { sigma0: state.sigma0, gamma, mu: 0 };
    const crashes = sum(range(n).map((t) => crashProbability(stepSize(p, t), kappa) / n));
    const fine = (v, like = v) => formatNumber(v, like >= 100 ? 1 : like >= 1 ? 2 : 3);
    const here = `At σ₀ = ${rounded(state.sigma0)} an experiment crashes with probability ${formatNumber(crashes, 3)} `
      + `on average, ${arrived} of ${runs} runs end at the floor of ${formatNumber(floor, 2)}, and the mean frontier `
      + `of ${n} experiments ends at ${formatNumber(mean[n], 4)}. The mean gain area is ${fine(area)} ± `
      + `${fine(error, area)} bits per byte × experiments; as stated it would be `
      + `${fine(symmetricGainArea(state.sigma0, gamma, n))}. `;
    const edge = best === 0 ? ", the smallest," : best === tried - 1 ? ", the largest," : "";
    const sentence = veiled ? "Commit to an answer, or move any control, to see the other step sizes."
      : `Of ${tried} first step sizes with the same luck ${rounded(sigmas[best])}${edge} is best, `
        + `with ${fine(areas[best])}.`;
    return { sentence: here + sentence, truth };
  };
});
