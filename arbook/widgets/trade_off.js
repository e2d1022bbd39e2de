// A map of the expected gain area over sigma0 and gamma with a point to drag, and the frontier at
// that point. A switch puts a price on boldness.
import { normals } from "./model/draws.js";
import { keepProbability } from "./model/laws.js";
import { gainArea } from "./model/measures.js";
import { bias } from "./model/parameters.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedFrontiers, expectedKeeps, gainAreaStd } from "./model/totals.js";
import { bestParameters, gainAreaMap } from "./model/tuning.js";
import { formatNumber, latest, perCent, range, rounded, roundUp } from "./numbers.js";
import { drawMap, makeMap } from "./gain_map.js";
import { explorer } from "./panel.js";

const MAP_BOX = { sigma0: [0.001, 0.3], gamma: [0.8, 0.99] };
const MAP_COLUMNS = 37, MAP_ROWS = 15; // exact values at these, interpolated between
const USUAL_PRICE = 10;
const DRAWN_RUNS = 12;

export default explorer((panel) => {
  const height = (width) => Math.min(330, Math.max(250, width * 0.9));
  const across = "initial step size σ₀, bits per byte";
  const map = panel.chart({ xLabel: across, yLabel: "decay rate γ", height, left: 44 });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "frontier at the point, bits per byte", height });
  makeMap(map);
  panel.legend([
    ["arbook-band arbook-first arbook-key-map", "expected gain area"],
    ["arbook-dot arbook-second", "the point: drag it"],
    ["arbook-dot arbook-best", "best point of the map"],
    ["arbook-line arbook-many", "runs at the point"],
    ["arbook-line arbook-second", "their mean"],
    ["arbook-band arbook-second", "its expected gain area"],
  ]);
  panel.time({ last: ({ n }) => n, show: (t) => chart.uncover(t ?? undefined) });
  chart.ghosts("mean");
  let latestPrice = USUAL_PRICE;
  panel.toggle("Price of boldness, μ = c σ²", "price", { on: () => latestPrice });
  const goTo = (sigma0, gamma) => panel.set({ sigma0: rounded(sigma0), gamma: Number(gamma.toFixed(3)) });
  map.onPoint(goTo);

  const [smallest, largest] = MAP_BOX.sigma0, [low, high] = MAP_BOX.gamma;
  const columns = range(MAP_COLUMNS).map((i) => smallest * (largest / smallest) ** (i / (MAP_COLUMNS - 1)));
  const rows = range(MAP_ROWS).map((j) => high - (high - low) * (1 - j / (MAP_ROWS - 1)) ** 1.6);
  // made again only when the ground changes, not when the point moves
  const ground = latest((n, mu, price) => (
    { areas: gainAreaMap(columns, rows, n, mu, price), best: bestParameters(MAP_BOX, n, mu, price) }));
  const draw = latest((seed, n) => normals(seed, DRAWN_RUNS, n));

  return (state) => {
    const { n, seed, mu, price, veiled } = state, f0 = 1, { areas, best } = ground(n, mu, price);
    const p = { sigma0: state.sigma0, gamma: state.gamma, mu, price };
    if (price) latestPrice = price;

    map.frame({
      x: MAP_BOX.sigma0, y: MAP_BOX.gamma, xLog: true,
      xTicks: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3], yTicks: [0.8, 0.85, 0.9, 0.95, 0.99],
    });
    drawMap(map, columns, rows, veiled ? null : areas, best.area);
    map.hide("best", "ask");
    if (veiled) map.ask(0.01, 0.9, "Where is it highest?");
    else map.dots("best", [best.p.sigma0], [best.p.gamma], "arbook-dot arbook-best", 11);
    map.grip("point", p.sigma0, p.gamma, goTo);

    // the frontier at the point
    const mean = expectedFrontiers(p, n, f0), xs = range(n + 1);
    const paths = simulatePaths(p, n, draw(seed, n), DRAWN_RUNS, f0);
    const deepest = Math.min(mean[n], ...range(DRAWN_RUNS).map((run) => paths[run * (n + 1) + n]));
    const depth = roundUp(Math.max(f0 - deepest, 1e-9), 1.02);
    chart.frame({ x: [0, n], y: [f0 - depth, f0], steady: true });
    chart.band("area", xs, mean, mean.map(() => f0), "arbook-band arbook-second");
    chart.lines("runs", xs, paths, "arbook-line arbook-many");
    chart.line("mean", xs, mean, "arbook-line arbook-second");

    const area = gainArea(mean, f0), spread = formatNumber(gainAreaStd(p, n), areaDigits(area));
    chart.text("number", n, f0, areaWords(area), "arbook-figure-number", { dx: -10, dy: 34, anchor: "end" });
    const paid = price ? `, where the first step costs ${areaWords(bias(p, 0) - mu)} on average,` : "";
    const here = `At σ₀ = ${rounded(p.sigma0)} and γ = ${formatNumber(p.gamma, 3)}${paid} the expected gain area of `
      + `${n} experiments is ${areaWords(area)} ± ${spread} bits per byte × experiments`;
    const keeps = `${perCent(expectedKeeps(p, n) / n)} of the experiments are kept, the first with probability `
      + `${formatNumber(keepProbability(p, 0), 3)}.`;
    const part = area / best.area, share = part < 0.01 ? "less than 1 %" : perCent(part), truth = cornerIndex(best);
    const open = "Commit to an answer, or move any control, to see the map.";
    if (veiled) return { sentence: `${here}; ${keeps} ${open}`, truth };
    const world = mean[n] >= 0 ? ""
      : " At the point the mean frontier ends below 0, where no loss can be: it has left the model’s world.";
    const sentence = `${here}, ${share} of the best on the map; ${keeps} ${saidOfBest(best, part > 0.999)}${world}`;
    return { sentence, truth };
  };
});

function saidOfBest(best, isHere) {
  const corner = best.atBound.includes("sigma0");
  if (isHere) return `This is the best point of the map: ${corner ? "its corner" : "its step size lies inside"}.`;
  const top = `σ₀ = ${rounded(best.p.sigma0)} and γ = ${best.p.gamma}, with ${areaWords(best.area)}`;
  if (corner) return `The best point is the corner, ${top}.`;
  return `The best point has a step size inside the map: ${top}; there the first experiment is kept with probability `
    + `${formatNumber(keepProbability(best.p, 0), 3)}.`;
}

// The right answer to the question: is there too much of sigma0, of gamma, of both, or of neither?
function cornerIndex(best) {
  const [sigma0, gamma] = ["sigma0", "gamma"].map((name) => best.atBound.includes(name));
  return sigma0 ? (gamma ? 3 : 1) : gamma ? 0 : 2;
}

const areaDigits = (value) => {
  if (value >= 1) return value >= 100 ? 1 : 2;
  return Math.min(8, 2 - Math.floor(Math.log10(Math.max(value, 1e-6))));
};
const areaWords = (value) => formatNumber(value, areaDigits(value));
