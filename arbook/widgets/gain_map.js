// A map of E[A_N] over sigma0 and gamma as filled contours with their heights.
import { range, rounded } from "./numbers.js";

const MOST_CONTOURS = 14;

/** Make the parts of a map, to lie below whatever is drawn later. */
export function makeMap(chart) {
  const each = range(MOST_CONTOURS);
  chart.layers(...each.flatMap((i) => [`ground ${i}`, `contour ${i}`]), ...each.map((i) => `height ${i}`));
}

/**
 * Draw the map, or an empty one. E[A_N] grows with gamma at every sigma0, so the ground above a
 * height is a band from one curve up to the map's edge; the bands lie on one another.
 */
export function drawMap(chart, columns, rows, areas, highest) {
  const top = rows[rows.length - 1], levels = areas ? contourLevels(highest) : [];
  const curves = levels.map((level) => contourPoints(columns, rows, areas, level));
  for (let i = 0; i < MOST_CONTOURS; i++) {
    if (!curves[i]) { chart.hide(`ground ${i}`, `contour ${i}`, `height ${i}`); continue; }
    const xs = curves[i].map((point) => point[0]), ys = curves[i].map((point) => point[1]);
    chart.band(`ground ${i}`, xs, ys, ys.map(() => top), "arbook-ground");
    chart.line(`contour ${i}`, xs, ys, "arbook-contour");
  }
  curves.forEach((points, i) => { // heights last, on top
    const lowest = Math.min(...points.map((point) => point[1]));
    chart.hide(`height ${i}`);
    if (!/^0?[.0]*[125]0*$/.test(String(levels[i])) || lowest > top - 0.012) return;
    const y = Math.max(0.825, lowest + 0.003), after = Math.max(1, points.findIndex((point) => point[1] <= y));
    const [from, to] = [points[after - 1], points[after]], part = Math.min(1, (from[1] - y) / (from[1] - to[1] || 1));
    const x = from[0] * (to[0] / from[0]) ** part, place = { dy: 4, anchor: x > 0.08 ? "end" : "middle" };
    chart.text(`height ${i}`, x, y, String(levels[i]), "arbook-height", place);
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
      if (before[r] >= level === here[r] >= level) continue;
      points.push([Math.exp(between(Math.log(columns[c - 1]), Math.log(x), before[r], here[r])), rows[r]]);
    }
    const j = here.findIndex((area) => area >= level);
    if (j === 0) points.push([x, rows[0]]);
    if (j > 0) points.push([x, between(rows[j - 1], rows[j], here[j - 1], here[j])]);
  });
  return points;
}

// Round heights below the highest point.
function contourLevels(highest) {
  const power = Math.floor(Math.log10(highest));
  const round = [-2, -1, 0].flatMap((e) => [1, 1.5, 2, 3, 5, 7].map((m) => rounded(m * 10 ** (power + e), 2)));
  return round.filter((level) => level < highest && level > highest / 60);
}

