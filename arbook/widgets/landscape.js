// A search in two dimensions: the landscape as a map with the way of the incumbent and the size of the
// next step, and beside it the metric.
import { normals } from "./model/draws.js";
import { decay, search, successRule } from "./model/searching.js";
import { hollows, ridge, sphere } from "./model/surfaces.js";
import { formatNumber, latest, perCent, powerOfTen, range, roundUp, scientific } from "./numbers.js";
import { interpolated, loopsBelow } from "./contours.js";
import { explorer } from "./panel.js";

const LANDSCAPES = [
  { name: "Bowl", objective: sphere, half: 4.6, cells: 44, log: true },
  { name: "Ridge", objective: ridge, half: 4, cells: 56, log: false },
  { name: "Hollows", objective: hollows, half: 5.6, cells: 90, log: true },
];
const GROUNDS = 9;
const LOWEST = 1e-60; // of the logarithmic axis

export default explorer((panel) => {
  const { n, runs, starts, gammas, home } = panel.data, height = (width) => Math.min(400, width - 8);
  const parent = panel.row("arbook-bar", "Landscape and rule");
  const choices = LANDSCAPES.map(({ name }, i) => panel.button(name, () => panel.set({ landscape: i }), { parent }));
  panel.toggle("1/5 success rule in place of decay", "success", { parent });

  const map = panel.chart({ xLabel: "first coordinate", yLabel: "second coordinate", left: 44, height });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric of the incumbent", left: 48, height });
  map.layers(...range(GROUNDS).map((i) => `ground ${i}`), "home", "discarded", "way", "kept", "circle", "now");
  chart.layers("all", "frontier", "now");
  panel.legend([
    ["arbook-line arbook-ink", "way of the incumbent"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-second", "size of the next step"],
    ["arbook-dot arbook-best", "optimum"],
  ]);
  const draw = latest((seed) => normals(seed, runs, 2 * n));
  const searches = latest((seed, landscape, success, start, gamma) => {
    const { objective, half } = LANDSCAPES[landscape], z = draw(seed), decaying = decay(start, gamma);
    const from = (rule, i) => search(objective, starts[landscape], rule, n, z.subarray(2 * n * i, 2 * n * (i + 1)));
    const all = range(runs).map((i) => from(success ? successRule(start) : decaying, i)), [run] = all;
    return { all, run, decayed: success ? from(decaying, 0) : null, box: boxOf(run.incumbents, half, landscape === 1) };
  });
  let drawn = ""; // what the map shows

  return (state) => {
    const { landscape, success, gamma, veiled } = state, t = veiled ? 0 : state.t;
    const { name, log } = LANDSCAPES[landscape];
    choices.forEach((button, i) => { button.setAttribute("aria-pressed", String(i === landscape)); });
    const { run, box, all, decayed } = searches(state.seed, landscape, success, state.start, gamma);
    const frame = squareFrame(map, box), key = JSON.stringify([landscape, frame, map.box]);
    if (drawn !== key) drawLandscape(map, frame, landscape);
    drawn = key;
    drawWay(map, run, t, landscape !== 1);

    const level = (i) => (log ? Math.max(run.frontier[i], LOWEST) : run.frontier[i]);
    const span = log ? logFrame(level(n), level(0)) : linearFrame(level(n), level(0));
    chart.frame({ x: [0, n], xTicks: [0, 100, 200, 300, 400], ...span });
    const ts = range(t + 1);
    chart.hide("ask");
    chart.line("frontier", ts, ts.map(level), "arbook-line arbook-ink", { step: true });
    chart.dots("now", [t], [level(t)], "arbook-dot arbook-second", 6);
    if (veiled) chart.ask(n / 2, level(0), "Where does it end?", 60);

    const truth = home.filter((rate) => rate > 0.5).length;
    if (veiled) {
      const from = `A search on the hollows starts at (${starts[landscape].join(", ")}), with a first step of `;
      const go = `${scientific(state.start)}. Commit to an answer, or move any control, to see where it goes.`;
      return { sentence: from + go, truth };
    }
    let sentence = saidOfSearch(state, run, t, name) + saidOfAll(all, landscape, n);
    if (decayed) {
      sentence += ` With γ = ${formatNumber(gamma, 3)} in place of the rule, and the same luck, it ends at `
        + `${scientific(decayed.frontier[n])} in place of ${scientific(run.frontier[n])}.`;
    }
    if (state.guess && panel.atStart()) {
      const words = gammas.map((g, i) => `${perCent(home[i])} for ${formatNumber(g, 2)}`);
      sentence = `In one dimension, from the hollow at 4, the searches that get home are ${words.join(", ")}. `
        + `In two dimensions, as drawn, it is harder. ${sentence}`;
    }
    return { sentence, truth };
  };
});

// What the map must hold: the origin and its surroundings, or on the ridge the whole way.
function boxOf(incumbents, half, grows) {
  if (!grows) return { x: 0, y: 0, half };
  let low = 0, high = 0, side = 2;
  for (let i = 0; i < incumbents.length; i += 2) {
    low = Math.min(low, incumbents[i]); high = Math.max(high, incumbents[i]);
    side = Math.max(side, Math.abs(incumbents[i + 1]));
  }
  const needed = Math.max(half, 0.55 * (high - low), 1.1 * side);
  return { x: (low + high) / 2, y: 0, half: half * 1.25 ** Math.ceil(Math.log(needed / half) / Math.log(1.25)) };
}

// A frame with equal units on both axes, so that a circle is one.
function squareFrame(chart, { x, y, half }) {
  chart.frame({ x: [0, 1], y: [0, 1] }); // the chart knows its own size once it has a frame
  const wide = (half * (chart.box.right - chart.box.left)) / (chart.box.bottom - chart.box.top);
  const frame = { x: [x - wide, x + wide], y: [y - half, y + half] };
  chart.frame(frame);
  return frame;
}

function drawLandscape(chart, frame, landscape) {
  const { objective, cells } = LANDSCAPES[landscape], [left, right] = frame.x, [bottom, top] = frame.y;
  const side = (top - bottom) / cells, columns = Math.round((right - left) / side), width = (right - left) / columns;
  const x = (i) => left + Math.min(Math.max(i - 1, 0), columns) * width;
  const y = (j) => bottom + Math.min(Math.max(j - 1, 0), cells) * side;
  const nx = columns + 3, ny = cells + 3;
  const values = new Float64Array(nx * ny).fill(Infinity); // a wall closes what would leave the frame
  let low = Infinity, high = -Infinity;
  for (let j = 1; j < ny - 1; j++) {
    for (let i = 1; i < nx - 1; i++) {
      const value = objective([x(i), y(j)]);
      values[j * nx + i] = value;
      low = Math.min(low, value); high = Math.max(high, value);
    }
  }
  for (let k = 0; k < GROUNDS; k++) {
    const share = (k + 1) / (GROUNDS + 1);
    const level = landscape === 2 ? 0.3 + 9 * share ** 1.3 : low + (high - low) * share ** (landscape === 0 ? 2 : 1.3);
    const pixel = ([u, v]) => `${chart.x(interpolated(x, u)).toFixed(1)},${chart.y(interpolated(y, v)).toFixed(1)}`;
    const d = loopsBelow(values, nx, ny, level).map((loop) => `M${loop.map(pixel).join("L")}Z`).join("");
    chart.path(`ground ${k}`, d, "arbook-ground arbook-rim");
  }
}

function drawWay(chart, { incumbents, variants, kept, step }, t, hasOptimum) {
  const { left, right, top, bottom } = chart.box, clamp = (v, a, b) => Math.min(Math.max(v, a), b).toFixed(1);
  const inside = (x, y) => chart.x(x) > left && chart.x(x) < right && chart.y(y) > top && chart.y(y) < bottom;
  /** @type {Record<string, [number[], number[]]>} */
  const dots = { kept: [[], []], discarded: [[], []] };
  const way = [[incumbents[0]], [incumbents[1]]];
  for (let i = 0; i < t; i++) {
    const x = variants[2 * i], y = variants[2 * i + 1], [xs, ys] = kept[i] ? dots.kept : dots.discarded;
    if (inside(x, y)) { xs.push(x); ys.push(y); }
    if (kept[i]) { way[0].push(x); way[1].push(y); }
  }
  chart.dots("discarded", ...dots.discarded, "arbook-dot arbook-hollow arbook-fine", 2.5);
  chart.line("way", ...way, "arbook-line arbook-ink");
  chart.dots("kept", ...dots.kept, "arbook-dot arbook-first", 4);
  const x = incumbents[2 * t], y = incumbents[2 * t + 1], radius = chart.x(step[t]) - chart.x(0);
  const circle = range(90).map((i) => {
    const angle = (2 * Math.PI * i) / 90;
    const u = chart.x(x) + radius * Math.cos(angle), v = chart.y(y) + radius * Math.sin(angle);
    return `${clamp(u, left, right)},${clamp(v, top, bottom)}`;
  });
  chart.path("circle", `M${circle.join("L")}Z`, "arbook-line arbook-second");
  chart.dots("now", [x], [y], "arbook-dot arbook-second", 5);
  if (hasOptimum) chart.dots("home", [0], [0], "arbook-dot arbook-best", 8);
  else chart.hide("home");
}

function saidOfSearch(state, { frontier, incumbents, kept, step }, t, name) {
  const keeps = kept.slice(0, t).filter(Boolean).length, place = [incumbents[2 * t], incumbents[2 * t + 1]];
  const rule = state.success ? "with the 1/5 success rule" : state.gamma === 1 ? "with a constant step"
    : `with steps that shrink by γ = ${formatNumber(state.gamma, 3)}`, far = Math.hypot(...place);
  if (t === 0) {
    return `${name}, ${rule}: the baseline measures ${scientific(frontier[0])}, `
      + `and the first step is ${scientific(step[0])}. Move t to go on. `;
  }
  const where = [
    `It is ${scientific(far)} from the optimum, and the step is ${scientific((2 * step[t]) / far)} in natural units.`,
    `It has come ${scientific(place[0])} along the ridge.`,
    `It is in the hollow at (${place.map((v) => formatNumber(v, 0)).join(", ")}).`,
  ][state.landscape];
  return `${name}, ${rule}: ${keeps} of ${t} variants were kept (${perCent(keeps / t)}), the metric fell from `
    + `${scientific(frontier[0])} to ${scientific(frontier[t])}, and the next step is ${scientific(step[t])}. `
    + `${where} `;
}

function saidOfAll(all, landscape, n) {
  if (landscape === 2) {
    const isHome = ({ incumbents: x }) => Math.abs(x[2 * n]) < 0.5 && Math.abs(x[2 * n + 1]) < 0.5;
    const home = all.filter(isHome).length;
    return `Such searches that are in the deepest hollow after ${n} experiments: ${home} of ${all.length}.`;
  }
  const ends = all.map(({ frontier }) => frontier[n]).sort((a, b) => a - b);
  const middle = (ends[(all.length - 1) >> 1] + ends[all.length >> 1]) / 2;
  return `The median of ${all.length} such searches after ${n} experiments is ${scientific(middle)}.`;
}

function logFrame(last, first) {
  const low = Math.floor(Math.log10(last) - 0.1), high = Math.ceil(Math.log10(first) + 0.1);
  const every = Math.ceil((high - low) / 7), yTicks = [];
  for (let e = high; e >= low; e -= every) yTicks.push(10 ** e);
  return { y: [10 ** low, 10 ** high], yLog: true, yTicks, yFormat: (v) => powerOfTen(Math.round(Math.log10(v))) };
}

function linearFrame(last, first) {
  const reach = roundUp(first - last, 1, [1.25, 2, 3, 5, 8, 10]);
  return { y: [first - 1.05 * reach, first + 0.08 * reach] };
}
