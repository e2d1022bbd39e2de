// A map of the expected gain area over sigma0 and gamma with a point to drag, and the frontier at
// that point. A switch puts a price on boldness.
import { normals } from "./model/draws.js";
import { keepProbability } from "./model/laws.js";
import { gainArea } from "./model/measures.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedFrontiers, expectedKeeps, gainAreaStd } from "./model/totals.js";
import { bestParameters, boldnessCost, gainAreaMap } from "./model/tuning.js";
import { formatNumber } from "./svg.js";
import { explorer } from "./panel.js";

const MAP_BOX = { sigma0: [0.001, 0.1], gamma: [0.8, 0.99] };
const MAP_COLUMNS = 37, MAP_ROWS = 15; // exact values at these, interpolated between
const USUAL_PRICE = 10;
const DRAWN_RUNS = 12;
const MOST_CONTOURS = 14;

export default explorer((panel) => {
  const height = (width) => Math.min(330, Math.max(250, width * 0.9));
  const map = panel.chart({ xLabel: "initial step size σ₀, bits per byte", yLabel: "decay rate γ", height, left: 44 });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "frontier at the point, bits per byte", height });
  panel.legend([
    ["arbook-band arbook-first arbook-key-map", "expected gain area"],
    ["arbook-dot arbook-second", "the point: drag it"],
    ["arbook-dot arbook-best", "best point of the map"],
    ["arbook-line arbook-many", "runs at the point"],
    ["arbook-band arbook-second", "its expected gain area"],
  ]);
  const row = panel.element("div", "arbook-switch-row");
  panel.figure.before(row);
  let price = USUAL_PRICE;
  const toggle = panel.button("Price of boldness, μ = c σ₀²", () => panel.set({ cost: panel.state().cost ? 0 : price }), { parent: row });
  toggle.setAttribute("role", "switch");
  toggle.classList.add("arbook-switch");
  map.svg.addEventListener("touchstart", (event) => { // a finger on the point drags it; elsewhere it scrolls the page
    if (event.target.matches(".arbook-grip")) event.preventDefault();
  }, { passive: false });
  map.onPoint((sigma0, gamma) => panel.set({ sigma0: Number(sigma0.toPrecision(3)), gamma: Number(gamma.toFixed(3)) }));

  const columns = Array.from({ length: MAP_COLUMNS }, (_, i) => MAP_BOX.sigma0[0] * (MAP_BOX.sigma0[1] / MAP_BOX.sigma0[0]) ** (i / (MAP_COLUMNS - 1)));
  const rows = Array.from({ length: MAP_ROWS }, (_, j) => MAP_BOX.gamma[1] - (MAP_BOX.gamma[1] - MAP_BOX.gamma[0]) * (1 - j / (MAP_ROWS - 1)) ** 1.6);
  for (let i = 0; i < MOST_CONTOURS; i++) { // made first, to lie below the point
    map.part("ground " + i, "path", "arbook-ground");
    map.part("contour " + i, "path", "arbook-contour");
  }
  for (let i = 0; i < MOST_CONTOURS; i++) map.part("height " + i, "text", "arbook-height");
  let known = { key: "" }, draws = { key: "" };

  return (state) => {
    const { n, seed, cost, veiled } = state, f0 = 1;
    const charge = boldnessCost(cost), bias = (sigma0, gamma) => state.mu + charge(sigma0, gamma);
    const p = { sigma0: state.sigma0, gamma: state.gamma, mu: bias(state.sigma0, state.gamma) };
    if (cost) price = cost;
    toggle.setAttribute("aria-checked", String(cost > 0));

    // the map: made again only when the ground changes, not when the point moves
    const ground = [n, state.mu, cost].join();
    if (known.key !== ground) known = { key: ground, areas: gainAreaMap(columns, rows, n, bias), best: bestParameters(MAP_BOX, n, bias) };
    map.frame({ x: MAP_BOX.sigma0, y: MAP_BOX.gamma, xLog: true, xTicks: [0.001, 0.003, 0.01, 0.03, 0.1], yTicks: [0.8, 0.85, 0.9, 0.95, 0.99] });
    drawMap(map, columns, rows, veiled ? null : known.areas, known.best.area);
    const { best } = known;
    map.hide("best", "ask");
    if (veiled) map.text("ask", 0.01, 0.9, "Where is it highest?", "arbook-hint", { anchor: "middle" });
    else map.dots("best", [best.p.sigma0], [best.p.gamma], "arbook-dot arbook-best", 11);
    map.dots("point", [p.sigma0], [p.gamma], "arbook-dot arbook-second", 8);
    map.dots("grip", [p.sigma0], [p.gamma], "arbook-grip", 22);

    // the frontier at the point
    const mean = expectedFrontiers(p, n, f0), xs = Array.from({ length: n + 1 }, (_, t) => t);
    const drawn = [seed, n].join();
    if (draws.key !== drawn) draws = { key: drawn, z: normals(seed, DRAWN_RUNS, n) };
    const paths = simulatePaths(p, n, draws.z, DRAWN_RUNS, f0);
    let deepest = mean[n];
    for (let run = 0; run < DRAWN_RUNS; run++) deepest = Math.min(deepest, paths[run * (n + 1) + n]);
    const depth = roundReach(f0 - deepest);
    chart.frame({ x: [0, n], y: [f0 - depth, f0] });
    chart.band("area", xs, mean, mean.map(() => f0), "arbook-band arbook-second");
    chart.lines("runs", xs, paths, "arbook-line arbook-many");
    chart.line("mean", xs, mean, "arbook-line arbook-second");

    const area = gainArea(mean, f0), unit = "bits per byte × experiments", sigma = (v) => Number(v.toPrecision(3));
    chart.text("number", n, f0, areaWords(area), "arbook-figure-number", { dx: -10, dy: 34, anchor: "end" });
    const here = `At σ₀ = ${sigma(p.sigma0)} and γ = ${formatNumber(p.gamma, 3)}${cost ? `, where boldness costs μ = ${areaWords(p.mu)},` : ""} the expected gain area of ${n} experiments is ${areaWords(area)} ± ${formatNumber(gainAreaStd(p, n), areaDigits(area))} ${unit}`;
    const keeps = `${formatNumber((100 * expectedKeeps(p, n)) / n, 0)}\u00a0% of the experiments are kept, the first with probability ${formatNumber(keepProbability(p, 0), 3)}.`;
    const truth = cornerIndex(best);
    if (veiled) return { sentence: `${here}; ${keeps} Commit to an answer, or move any control, to see the map.`, truth };
    const corner = best.atBound.includes("sigma0"), top = `σ₀ = ${sigma(best.p.sigma0)} and γ = ${best.p.gamma}, with ${areaWords(best.area)}`;
    let where = corner ? `The best point is the corner, ${top}.`
      : `The best point has a step size inside the map: ${top}; there the first experiment is kept with probability ${formatNumber(keepProbability(best.p, 0), 3)}.`;
    if (area > 0.999 * best.area) where = corner ? "This is the best point of the map: its corner." : "This is the best point of the map: its step size lies inside.";
    const world = mean[n] < 0 ? " At the point the mean frontier ends below 0, where no loss can be: it has left the model’s world." : "";
    return { sentence: `${here}, ${share(area / best.area)} of the best on the map; ${keeps} ${where}${world}`, truth };
  };
});

// The map as filled contours. E[A_N] grows with gamma at every sigma0, so the ground above a
// height is a band from one curve up to the map's edge; the bands lie on one another.
function drawMap(chart, columns, rows, areas, highest) {
  const top = rows[rows.length - 1], levels = areas ? contourLevels(highest) : [];
  const curves = levels.map((level) => contourPoints(columns, rows, areas, level));
  for (let i = 0; i < MOST_CONTOURS; i++) {
    if (!curves[i]) { chart.hide("ground " + i, "contour " + i, "height " + i); continue; }
    const xs = curves[i].map((point) => point[0]), ys = curves[i].map((point) => point[1]);
    chart.band("ground " + i, xs, ys, ys.map(() => top), "arbook-ground");
    chart.line("contour " + i, xs, ys, "arbook-contour");
  }
  curves.forEach((points, i) => { // heights last, on top
    const lowest = Math.min(...points.map((point) => point[1]));
    if (!/^0?[.0]*[125]0*$/.test(String(levels[i])) || lowest > top - 0.012) return chart.hide("height " + i);
    const y = Math.max(0.825, lowest + 0.003), after = Math.max(1, points.findIndex((point) => point[1] <= y));
    const [from, to] = [points[after - 1], points[after]], part = Math.min(1, (from[1] - y) / (from[1] - to[1] || 1));
    const x = from[0] * (to[0] / from[0]) ** part;
    return chart.text("height " + i, x, y, String(levels[i]), "arbook-height", { dy: 4, anchor: x > 0.08 ? "end" : "middle" });
  });
}

// The curve of one height, from the left: its points on the columns, and where it meets the map's
// upper or lower edge between two columns.
function contourPoints(columns, rows, areas, level) {
  const points = [], last = rows.length - 1, log = (v) => Math.log(Math.max(v, 1e-300));
  const between = (a, b, low, high) => a + ((b - a) * (log(level) - log(low))) / (log(high) - log(low));
  columns.forEach((x, c) => {
    const here = areas[c], before = areas[c - 1];
    const edges = before && here[last] > before[last] ? [last, 0] : [0, last];
    for (const r of before ? edges : []) {
      if (before[r] >= level !== here[r] >= level) points.push([Math.exp(between(Math.log(columns[c - 1]), Math.log(x), before[r], here[r])), rows[r]]);
    }
    const j = here.findIndex((area) => area >= level);
    if (j === 0) points.push([x, rows[0]]);
    if (j > 0) points.push([x, between(rows[j - 1], rows[j], here[j - 1], here[j])]);
  });
  return points;
}

// Round heights below the highest point.
function contourLevels(highest) {
  const levels = [];
  for (let e = Math.floor(Math.log10(highest)) - 2; 10 ** e <= highest; e++) {
    for (const m of [1, 1.5, 2, 3, 5, 7]) {
      const level = Number((m * 10 ** e).toPrecision(2));
      if (level < highest && level > highest / 60) levels.push(level);
    }
  }
  return levels;
}

// The right answer to the question: is there too much of sigma0, of gamma, of both, or of neither?
function cornerIndex(best) {
  return best.atBound.includes("sigma0") ? (best.atBound.includes("gamma") ? 3 : 1) : best.atBound.includes("gamma") ? 0 : 2;
}

const areaDigits = (value) => (value >= 100 ? 1 : value >= 1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(Math.max(value, 1e-6)))));
const areaWords = (value) => formatNumber(value, areaDigits(value));
const share = (part) => (part < 0.01 ? "less than 1\u00a0%" : formatNumber(100 * part, 0) + "\u00a0%");

function roundReach(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12].find((m) => m * power >= value * 1.02) * power;
}
