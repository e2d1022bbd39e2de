// Contours: where the values of a grid fall below a level.

/** The number at a place between the whole ones of `at`, which gives those. */
export function interpolated(at, u) {
  const i = Math.floor(u);
  return at(i) + (u - i) * (at(i + 1) - at(i));
}

/**
 * The edge of the region where the grid's values are below `level`, as closed loops of [column, row].
 * Marching squares: each side of a cell that the edge crosses is linked to another.
 * @type {(values: Float64Array, nx: number, ny: number, level: number) => [number, number][][]}
 */
export function loopsBelow(values, nx, ny, level) {
  const links = linksOf(values, nx, ny, level), loops = [];
  for (const start of links.keys()) {
    const loop = [];
    for (let id = start, ends = links.get(id); ends?.length; ends = links.get(id)) {
      const next = ends.pop() ?? id, back = links.get(next) ?? []; // walk on, and take up each link behind
      back.splice(back.indexOf(id), 1);
      loop.push(crossing(values, nx, nx * ny, level, id));
      id = next;
    }
    if (loop.length > 2) loops.push(loop);
  }
  return loops;
}

const SEEN = 0.25; // pixels by which points must move an edge to be drawn

/**
 * A closed loop of pixels as the data of a path: without the points that lie on the way from one to another (Douglas
 * and Peucker 1973), and from point to point, in tenths of a pixel.
 * @param {[number, number][]} loop
 */
export function outline(loop) {
  const n = loop.length, drawn = new Set([0, n]);
  for (const parts = [[0, n >> 1], [n >> 1, n]]; parts.length;) {
    const [from, to] = parts.pop() ?? [0, 0], [x, y] = loop[from], [u, v] = loop[to % n];
    const long = Math.hypot(u - x, v - y);
    let most = SEEN, at = 0;
    for (let i = from + 1; i < to; i++) {
      const [a, b] = [loop[i][0] - x, loop[i][1] - y];
      const along = long ? Math.min(Math.max((a * (u - x) + b * (v - y)) / long, 0), long) / long : 0;
      const off = Math.hypot(a - along * (u - x), b - along * (v - y));
      if (off > most) { most = off; at = i; }
    }
    drawn.add(to);
    if (at) parts.push([from, at], [at, to]);
  }
  let [left, top] = [0, 0];
  const steps = [...drawn].sort((a, b) => a - b).slice(0, -1).map((i) => {
    const [x, y] = loop[i].map((pixel) => Math.round(10 * pixel)), step = [(x - left) / 10, (y - top) / 10];
    [left, top] = [x, y];
    return step.join(",");
  });
  return `M${steps.join("l")}Z`.replaceAll(",-", "-");
}

// Which crossed sides are linked to which. Side j * nx + i goes from point (i, j) to the right, and
// so much plus the size of the grid upwards.
function linksOf(values, nx, ny, level) {
  const size = nx * ny, below = (i, j) => values[j * nx + i] < level;
  /** @type {Map<number, number[]>} */
  const links = new Map();
  const link = (a, b) => {
    for (const [from, to] of [[a, b], [b, a]]) links.set(from, [...(links.get(from) ?? []), to]);
  };
  for (let j = 0; j + 1 < ny; j++) {
    for (let i = 0; i + 1 < nx; i++) {
      const o = j * nx + i, a = below(i, j), b = below(i + 1, j), c = below(i + 1, j + 1), d = below(i, j + 1);
      const crossed = []; // the cell's sides in turn: bottom, right, top, left
      if (a !== b) crossed.push(o);
      if (b !== c) crossed.push(size + o + 1);
      if (c !== d) crossed.push(o + nx);
      if (d !== a) crossed.push(size + o);
      if (crossed.length === 2) link(crossed[0], crossed[1]);
      else if (crossed.length === 4) { // a saddle: the corners `a` and `c` are joined, or cut off
        const joined = (values[o] + values[o + 1] + values[o + nx] + values[o + nx + 1]) / 4 < level;
        const [second, third] = joined === a ? [1, 3] : [3, 1];
        link(crossed[0], crossed[second]);
        link(crossed[2], crossed[third]);
      }
    }
  }
  return links;
}

// Where the level lies on a side.
function crossing(values, nx, size, level, id) {
  const upright = id >= size, k = upright ? id - size : id, i = k % nx, j = Math.floor(k / nx);
  const from = values[k], to = values[upright ? k + nx : k + 1];
  const part = from === Infinity ? 1 : to === Infinity ? 0 : (level - from) / (to - from);
  return upright ? [i, j + part] : [i + part, j];
}
