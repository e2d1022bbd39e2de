// A map of E[A_N] over sigma0 and gamma as filled contours with their heights.
import { interpolated, loopsBelow } from "./contours.js";
import { range, rounded } from "./numbers.js";

const MOST_CONTOURS = 14;
const HEIGHTS_FROM = 0.825; // heights stand no lower on the map, where the decay rate is that

/** Make the parts of a map, to lie below whatever is drawn later. */
export function makeMap(chart) {
  const each = range(MOST_CONTOURS);
  chart.layers(...each.flatMap((i) => [`ground ${i}`, `contour ${i}`]), ...each.map((i) => `height ${i}`));
}

/** Draw the map, or an empty one: the grounds above the heights lie on one another. */
export function drawMap(chart, columns, rows, areas, highest) {
  const levels = areas ? contourLevels(highest) : [], loops = areas ? groundsOf(columns, rows, areas) : () => [];
  const ends = [[columns[0], columns[columns.length - 1]], [rows[0], rows[rows.length - 1]]];
  const alongEnd = (p, q) => [0, 1].some((k) => (
    p[k] === q[k] && ends[k].some((end) => Math.abs(p[k] / end - 1) < 1e-9)));
  const pixel = ([x, y]) => `${chart.x(x).toFixed(1)},${chart.y(y).toFixed(1)}`;
  for (let i = 0; i < MOST_CONTOURS; i++) {
    chart.hide(`ground ${i}`, `contour ${i}`, `height ${i}`);
    if (i >= levels.length) continue;
    const level = levels[i], edges = loops(level).map((edge) => [...edge, edge[0]]);
    chart.path(`ground ${i}`, edges.map((edge) => `M${edge.map(pixel).join("L")}`).join(""), "arbook-ground");
    const drawn = edges.flatMap((edge) => edge.map((p, k) => (
      `${k && !alongEnd(edge[k - 1], p) ? "L" : "M"}${pixel(p)}`))); // the end of the map is no contour
    chart.path(`contour ${i}`, drawn.join(""), "arbook-contour");
    const place = /^0?[.0]*[125]0*$/.test(String(level)) ? placeOfHeight(edges.flat(), columns, rows) : null;
    if (!place) continue;
    const [x, y] = place, how = { dy: 4, anchor: x > 0.6 * columns[columns.length - 1] ? "end" : "middle" };
    chart.text(`height ${i}`, x, y, String(level), "arbook-height", how);
  }
}

/**
 * What gives the edges of the ground above a height, as closed loops of [sigma0, gamma].
 * @type {(columns: number[], rows: number[], areas: number[][]) => (level: number) => [number, number][][]}
 */
function groundsOf(columns, rows, areas) {
  const nx = columns.length + 2, ny = rows.length + 2;
  const values = new Float64Array(nx * ny).fill(Infinity); // a wall closes what would leave the map
  for (let i = 0; i < columns.length; i++) {
    for (let j = 0; j < rows.length; j++) values[(j + 1) * nx + i + 1] = -Math.log(Math.max(areas[i][j], 1e-300));
  }
  const within = (u, places) => Math.min(Math.max(u - 1, 0), places.length - 1);
  const x = (u) => columns[0] * (columns[1] / columns[0]) ** within(u, columns); // spaced by ratio
  const y = (v) => interpolated((j) => rows[Math.min(j, rows.length - 1)], within(v, rows));
  return (level) => loopsBelow(values, nx, ny, -Math.log(level)).map((loop) => loop.map(([u, v]) => [x(u), y(v)]));
}

// The leftmost point of an edge near its foot; none where the edge is too short for words.
function placeOfHeight(points, columns, rows) {
  const inside = points.filter(([x, y]) => x > columns[0] && y < rows[rows.length - 1] - 1e-9);
  const foot = Math.max(HEIGHTS_FROM, Math.min(...inside.map(([, y]) => y)) + 0.003);
  const near = inside.filter(([, y]) => Math.abs(y - foot) < 0.01);
  if (!near.length || foot > rows[rows.length - 1] - 0.009) return null;
  return near.reduce((a, b) => (b[0] < a[0] ? b : a));
}

// Round heights below the highest point.
function contourLevels(highest) {
  const power = Math.floor(Math.log10(highest));
  const round = [-2, -1, 0].flatMap((e) => [1, 1.5, 2, 3, 5, 7].map((m) => rounded(m * 10 ** (power + e), 2)));
  return round.filter((level) => level < highest && level > highest / 60);
}
