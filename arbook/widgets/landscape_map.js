// The map of a search: contours of the landscape, the way of the incumbent, the size of the next step.
import { hollows, ridge, sphere } from "./model/surfaces.js";
import { range } from "./numbers.js";
import { interpolated, loopsBelow, outline } from "./contours.js";

/** The landscapes, and `half` the side of their maps, with so many cells along the shorter side. */
export const LANDSCAPES = [
  { name: "Bowl", objective: sphere, half: 4.6, cells: 44, log: true },
  { name: "Ridge", objective: ridge, half: 4, cells: 56, log: false },
  { name: "Hollows", objective: hollows, half: 5.6, cells: 90, log: true },
];
const NEAREST = 9; // halvings of the side of the map
/** How many contours lie on one another. */
export const GROUNDS = 9;

/** What the map must hold: the origin and its surroundings, or on the ridge the whole way. */
export function boxOf(incumbents, half, grows) {
  if (!grows) return { x: 0, y: 0, half };
  let low = 0, high = 0, side = 2;
  for (let i = 0; i < incumbents.length; i += 2) {
    low = Math.min(low, incumbents[i]); high = Math.max(high, incumbents[i]);
    side = Math.max(side, Math.abs(incumbents[i + 1]));
  }
  const needed = Math.max(half, 0.55 * (high - low), 1.1 * side);
  return { x: (low + high) / 2, y: 0, half: half * 1.25 ** Math.ceil(Math.log(needed / half) / Math.log(1.25)) };
}

/** The same, nearer by factors of two as a search comes to the origin, while the axes have room for their numbers. */
export function zoomed(box, { incumbents, step }, t) {
  const reach = 1.6 * Math.max(Math.hypot(incumbents[2 * t], incumbents[2 * t + 1]), step[t]);
  const times = Math.floor(Math.log2(box.half / Math.max(reach, box.half / 2 ** NEAREST)));
  return { ...box, half: box.half / 2 ** Math.max(times, 0) };
}

/** A frame with equal units on both axes, so that a circle is one. */
export function squareFrame(chart, { x, y, half }) {
  chart.frame({ x: [0, 1], y: [0, 1] }); // the chart knows its own size once it has a frame
  const wide = (half * (chart.box.right - chart.box.left)) / (chart.box.bottom - chart.box.top);
  const frame = { x: [x - wide, x + wide], y: [y - half, y + half] };
  chart.frame(frame);
  return frame;
}

/** The ground, as contours. */
export function drawLandscape(chart, frame, landscape) {
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
    const pixel = ([u, v]) => /** @type {[number, number]} */ (
      [chart.x(interpolated(x, u)), chart.y(interpolated(y, v))]);
    const d = loopsBelow(values, nx, ny, level).map((loop) => outline(loop.map(pixel))).join("");
    chart.path(`ground ${k}`, d, "arbook-ground arbook-rim");
  }
}

/** Where the incumbents of other searches are at experiment t. */
export function drawOthers(chart, runs, t) {
  const { left, right, top, bottom } = chart.box;
  const places = runs.map(({ incumbents }) => [incumbents[2 * t], incumbents[2 * t + 1]]).filter(([x, y]) => {
    return chart.x(x) > left && chart.x(x) < right && chart.y(y) > top && chart.y(y) < bottom;
  });
  chart.dots("others", places.map(([x]) => x), places.map(([, y]) => y), "arbook-dot arbook-third", 4);
}

/** The way of the incumbent until experiment t, all variants, and the size of the next step. */
export function drawWay(chart, { incumbents, variants, kept, step }, t, hasOptimum) {
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
