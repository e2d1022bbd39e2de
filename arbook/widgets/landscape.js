// A search in two dimensions: the landscape as a map with the way of the incumbent and the size of the
// next step, and beside it the metric.
import { normals } from "./model/draws.js";
import { decay, search, successRule } from "./model/searching.js";
import { hollows, ridge, sphere } from "./model/surfaces.js";
import { formatNumber } from "./svg.js";
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
  const row = panel.element("div", "arbook-bar");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Landscape and rule");
  panel.figure.before(row);
  const choices = LANDSCAPES.map(({ name }, i) => panel.button(name, () => panel.set({ landscape: i }), { parent: row }));
  const toggle = panel.button("1/5 success rule in place of decay", () => panel.set({ success: 1 - panel.state().success }), { parent: row });
  toggle.setAttribute("role", "switch");
  toggle.classList.add("arbook-switch");

  const map = panel.chart({ xLabel: "first coordinate", yLabel: "second coordinate", left: 44, height });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric of the incumbent", left: 48, height });
  map.layers(...Array.from({ length: GROUNDS }, (_, i) => "ground " + i), "home", "discarded", "way", "kept", "circle", "now");
  chart.layers("all", "frontier", "now");
  panel.legend([
    ["arbook-line arbook-ink", "way of the incumbent"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-second", "size of the next step"],
    ["arbook-dot arbook-best", "optimum"],
  ]);
  let draws = { key: "" }, found = { key: "" };

  return (state) => {
    const { landscape, success, gamma, veiled } = state, { name, objective, half, log } = LANDSCAPES[landscape], t = veiled ? 0 : state.t;
    choices.forEach((button, i) => button.setAttribute("aria-pressed", String(i === landscape)));
    toggle.setAttribute("aria-checked", String(success === 1));
    if (draws.key !== state.seed) draws = { key: state.seed, z: normals(state.seed, runs, 2 * n) };
    const key = [state.seed, landscape, success, state.start, gamma].join();
    if (found.key !== key) {
      const rule = success ? successRule(state.start) : decay(state.start, gamma), start = starts[landscape];
      const all = Array.from({ length: runs }, (_, i) => search(objective, start, rule, n, draws.z.subarray(2 * n * i, 2 * n * (i + 1))));
      const decayed = success ? search(objective, start, decay(state.start, gamma), n, draws.z.subarray(0, 2 * n)) : null;
      found = { key, all, decayed, run: all[0], box: boxOf(all[0].incumbents, half, landscape === 1) };
    }
    const { run, box, all, decayed } = found;
    drawLandscape(map, box, landscape);
    drawWay(map, run, t, landscape !== 1);

    const level = (i) => (log ? Math.max(run.frontier[i], LOWEST) : run.frontier[i]);
    const span = log ? logFrame(level(n), level(0)) : linearFrame(level(n), level(0));
    chart.frame({ x: [0, n], xTicks: [0, 100, 200, 300, 400], ...span });
    const ts = Array.from({ length: t + 1 }, (_, i) => i);
    chart.hide("ask");
    chart.line("frontier", ts, ts.map(level), "arbook-line arbook-ink", { step: true });
    chart.dots("now", [t], [level(t)], "arbook-dot arbook-second", 6);
    if (veiled) chart.text("ask", n / 2, level(0), "Where does it end?", "arbook-hint", { anchor: "middle", dy: 60 });

    const truth = home.filter((rate) => rate > 0.5).length;
    const open = `A search on the hollows starts at (${starts[landscape].join(", ")}), with a first step of ${shortOf(state.start)}. Commit to an answer, or move any control, to see where it goes.`;
    if (veiled) return { sentence: open, truth };
    let sentence = saidOfSearch(state, run, t, n, name) + saidOfAll(all, landscape, n);
    if (decayed) sentence += ` With γ = ${formatNumber(gamma, 3)} in place of the rule, and the same luck, it ends at ${shortOf(decayed.frontier[n])} in place of ${shortOf(run.frontier[n])}.`;
    if (state.guess && panel.atStart()) {
      const words = gammas.map((g, i) => `${formatNumber(100 * home[i], 0)} % for ${formatNumber(g, 2)}`);
      sentence = `In one dimension, from the hollow at 4, the searches that get home are ${words.join(", ")}. In two dimensions, as drawn, it is harder. ${sentence}`;
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

// The frame has equal units on both axes, so that a circle is one.
function drawLandscape(chart, box, landscape) {
  const { objective, cells } = LANDSCAPES[landscape]; // cells of the grid along the shorter side
  let wide, frame;
  for (let again = 0; again < 2; again++) { // the chart knows its own size once it has a frame
    wide = (box.half * (chart.box.right - chart.box.left)) / (chart.box.bottom - chart.box.top);
    frame = { x: [box.x - wide, box.x + wide], y: [box.y - box.half, box.y + box.half] };
    chart.frame(frame);
  }
  const key = JSON.stringify([landscape, frame, chart.box]);
  if (chart.landscapeKey === key) return;
  chart.landscapeKey = key;
  const side = (2 * box.half) / cells, columns = Math.round((2 * wide) / side), width = (2 * wide) / columns;
  const x = (i) => frame.x[0] + Math.min(Math.max(i - 1, 0), columns) * width, y = (j) => frame.y[0] + Math.min(Math.max(j - 1, 0), cells) * side;
  const nx = columns + 3, ny = cells + 3, values = new Float64Array(nx * ny).fill(Infinity); // a wall closes what would leave the frame
  let low = Infinity, high = -Infinity;
  for (let j = 1; j < ny - 1; j++) {
    for (let i = 1; i < nx - 1; i++) {
      const value = objective([x(i), y(j)]);
      values[j * nx + i] = value;
      low = Math.min(low, value); high = Math.max(high, value);
    }
  }
  for (let k = 0; k < GROUNDS; k++) {
    const share = (k + 1) / (GROUNDS + 1), level = landscape === 2 ? 0.3 + 9 * share ** 1.3 : low + (high - low) * share ** (landscape === 0 ? 2 : 1.3);
    let d = "";
    for (const loop of loopsBelow(values, nx, ny, level)) {
      d += loop.map(([u, v], i) => (i ? "L" : "M") + chart.x(between01(x, u)).toFixed(1) + "," + chart.y(between01(y, v)).toFixed(1)).join("") + "Z";
    }
    const part = chart.part("ground " + k, "path", "arbook-ground arbook-rim");
    part.setAttribute("fill-rule", "evenodd");
    part.setAttribute("d", d);
  }
}

function between01(at, u) {
  const i = Math.floor(u);
  return at(i) + (u - i) * (at(i + 1) - at(i));
}

// The edge of the region where the grid's values are below `level`, as closed loops of [column, row].
// Marching squares: each side of a cell that the edge crosses is linked to another.
function loopsBelow(values, nx, ny, level) {
  const size = nx * ny, links = new Map(), below = (i, j) => values[j * nx + i] < level;
  const link = (a, b) => {
    for (const [from, to] of [[a, b], [b, a]]) {
      if (links.has(from)) links.get(from).push(to); else links.set(from, [to]);
    }
  };
  for (let j = 0; j + 1 < ny; j++) {
    for (let i = 0; i + 1 < nx; i++) {
      const a = below(i, j), b = below(i + 1, j), c = below(i + 1, j + 1), d = below(i, j + 1), crossed = [];
      if (a !== b) crossed.push(j * nx + i); // the cell's sides in turn: bottom, right, top, left
      if (b !== c) crossed.push(size + j * nx + i + 1);
      if (c !== d) crossed.push((j + 1) * nx + i);
      if (d !== a) crossed.push(size + j * nx + i);
      if (crossed.length === 2) link(crossed[0], crossed[1]);
      else if (crossed.length === 4) { // a saddle: the corners `a` and `c` are joined, or cut off
        const o = j * nx + i, joined = (values[o] + values[o + 1] + values[o + nx] + values[o + nx + 1]) / 4 < level;
        if (joined === a) { link(crossed[0], crossed[1]); link(crossed[2], crossed[3]); } else { link(crossed[0], crossed[3]); link(crossed[1], crossed[2]); }
      }
    }
  }
  const point = (id) => {
    const upright = id >= size, k = upright ? id - size : id, i = k % nx, j = Math.floor(k / nx), from = values[k], to = values[upright ? k + nx : k + 1];
    const part = from === Infinity ? 1 : to === Infinity ? 0 : (level - from) / (to - from);
    return upright ? [i, j + part] : [i + part, j];
  };
  const loops = [];
  for (const start of links.keys()) {
    const loop = [];
    let id = start;
    while (links.get(id).length) { // walk on, and take up each link behind
      const next = links.get(id).pop(), back = links.get(next);
      back.splice(back.indexOf(id), 1);
      loop.push(point(id));
      id = next;
    }
    if (loop.length > 2) loops.push(loop);
  }
  return loops;
}

function drawWay(chart, { incumbents, variants, kept, step }, t, hasOptimum) {
  const { left, right, top, bottom } = chart.box, clamp = (v, a, b) => Math.min(Math.max(v, a), b);
  const inside = (x, y) => chart.x(x) > left && chart.x(x) < right && chart.y(y) > top && chart.y(y) < bottom;
  const dots = { kept: [[], []], discarded: [[], []] }, way = [[incumbents[0]], [incumbents[1]]];
  for (let i = 0; i < t; i++) {
    const x = variants[2 * i], y = variants[2 * i + 1], [xs, ys] = kept[i] ? dots.kept : dots.discarded;
    if (inside(x, y)) { xs.push(x); ys.push(y); }
    if (kept[i]) { way[0].push(x); way[1].push(y); }
  }
  chart.dots("discarded", ...dots.discarded, "arbook-dot arbook-hollow arbook-fine", 2.5);
  chart.line("way", ...way, "arbook-line arbook-ink");
  chart.dots("kept", ...dots.kept, "arbook-dot arbook-first", 4);
  const x = incumbents[2 * t], y = incumbents[2 * t + 1], radius = chart.x(step[t]) - chart.x(0);
  const circle = Array.from({ length: 90 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 90;
    return clamp(chart.x(x) + radius * Math.cos(angle), left, right).toFixed(1) + "," + clamp(chart.y(y) + radius * Math.sin(angle), top, bottom).toFixed(1);
  });
  chart.part("circle", "path", "arbook-line arbook-second").setAttribute("d", "M" + circle.join("L") + "Z");
  chart.dots("now", [x], [y], "arbook-dot arbook-second", 5);
  if (hasOptimum) chart.dots("home", [0], [0], "arbook-dot arbook-best", 8);
  else chart.hide("home");
}

function saidOfSearch(state, { frontier, incumbents, kept, step }, t, n, name) {
  const keeps = kept.slice(0, t).filter(Boolean).length, place = [incumbents[2 * t], incumbents[2 * t + 1]];
  const rule = state.success ? "with the 1/5 success rule" : state.gamma === 1 ? "with a constant step" : `with steps that shrink by γ = ${formatNumber(state.gamma, 3)}`;
  if (t === 0) return `${name}, ${rule}: the baseline measures ${shortOf(frontier[0])}, and the first step is ${shortOf(step[0])}. Move t to go on. `;
  const where = state.landscape === 1 ? `It has come ${shortOf(place[0])} along the ridge.`
    : state.landscape === 0 ? `It is ${shortOf(Math.hypot(...place))} from the optimum, and the step is ${shortOf((2 * step[t]) / Math.hypot(...place))} in natural units.`
    : `It is in the hollow at (${place.map((v) => formatNumber(v, 0)).join(", ")}).`;
  return `${name}, ${rule}: ${keeps} of ${t} variants were kept (${formatNumber((100 * keeps) / t, 0)} %), the metric fell from ${shortOf(frontier[0])} to ${shortOf(frontier[t])}, and the next step is ${shortOf(step[t])}. ${where} `;
}

function saidOfAll(all, landscape, n) {
  if (landscape === 2) {
    const home = all.filter(({ incumbents }) => Math.abs(incumbents[2 * n]) < 0.5 && Math.abs(incumbents[2 * n + 1]) < 0.5).length;
    return `Such searches that are in the deepest hollow after ${n} experiments: ${home} of ${all.length}.`;
  }
  const ends = all.map(({ frontier }) => frontier[n]).sort((a, b) => a - b), middle = (ends[(all.length - 1) >> 1] + ends[all.length >> 1]) / 2;
  return `The median of ${all.length} such searches after ${n} experiments is ${shortOf(middle)}.`;
}

function logFrame(last, first) {
  const low = Math.floor(Math.log10(last) - 0.1), high = Math.ceil(Math.log10(first) + 0.1), every = Math.ceil((high - low) / 7);
  const yTicks = [];
  for (let e = high; e >= low; e -= every) yTicks.push(10 ** e);
  return { y: [10 ** low, 10 ** high], yLog: true, yTicks, yFormat: (v) => powerOfTen(Math.round(Math.log10(v))) };
}

function linearFrame(last, first) {
  const tall = first - last, power = 10 ** Math.floor(Math.log10(tall)), reach = [1.25, 2, 3, 5, 8, 10].find((m) => m * power >= tall) * power;
  return { y: [first - 1.05 * reach, first + 0.08 * reach] };
}

function powerOfTen(e) {
  return e >= -2 && e <= 3 ? String(Number((10 ** e).toPrecision(3))) : "10" + String(e).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
}

// Three significant digits, with a power of ten where a number is small.
function shortOf(value) {
  const size = Math.abs(value);
  if (size >= 100) return formatNumber(value, 0);
  if (size >= 0.001) return formatNumber(value, Math.max(0, 2 - Math.floor(Math.log10(size))));
  if (size === 0) return "0";
  const e = Math.floor(Math.log10(size));
  return `${formatNumber(value / 10 ** e, 1)} × ${powerOfTen(e)}`;
}
