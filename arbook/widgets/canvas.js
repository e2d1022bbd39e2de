// The canvas of a chart: its size, its frame with axes, and its parts by name. Sizes are pixels of the page, laid out
// again when the room changes, so that text keeps its size on a phone; in a hall all of it is enlarged.
import { put, svgElement } from "./svg.js";
import { drawable, logTicks, niceTicks, tickFormat } from "./ticks.js";
import { pixels } from "./marks.js";

/**
 * `steady` holds the y axis: it goes on showing what it showed at first, and the ghost.
 * @typedef {{ x: number[], y: number[], xLog?: boolean, yLog?: boolean, xTicks?: number[] | null, steady?: boolean,
 *   yTicks?: number[], xFormat?: (value: number) => string, yFormat?: (value: number) => string }} Frame
 * @typedef {ReturnType<typeof makeCanvas>} Canvas
 * The room that a page leaves to a chart: pixels of its height at most (`fill`: exactly), and how much it is enlarged.
 * @typedef {{ most?: number, fill?: boolean, scale?: number }} Room
 */

/** The usual height of a chart. */
const usual = (/** @type {number} */ width) => Math.min(360, Math.max(240, width * 0.5));
const MARGIN = { top: 8, right: 14, bottom: 42 };
const LOW = 160; // pixels of height

const same = (/** @type {number} */ v) => v;
/** @type {(range: number[], log: boolean | undefined, from: number, to: number) => (v: number) => number} */
const scale = (range, log, from, to) => {
  const f = log ? Math.log10 : same, a = f(range[0]), k = (to - from) / (f(range[1]) - a);
  return (v) => from + (f(v) - a) * k;
};
/** @type {typeof scale} */
const unscale = (range, log, from, to) => {
  const f = log ? Math.log10 : same, a = f(range[0]), k = (f(range[1]) - a) / (to - from);
  return (pixel) => { const v = a + (pixel - from) * k; return log ? 10 ** v : v; };
};

/**
 * Make a canvas in `parent`. `height` is in pixels, or a function of the width; `left` is the room for the y ticks;
 * `room` says what the page leaves to it.
 * @param {Element} parent
 * @param {{ xLabel: string, yLabel: string, height?: number | ((width: number) => number), left?: number,
 *   room?: () => Room }} options
 */
export function makeCanvas(parent, { xLabel, yLabel, height = usual, left = 52, room = () => ({}) }) {
  const host = document.createElement("div");
  host.className = "arbook-chart";
  const title = document.createElement("div");
  title.className = "arbook-axis-title";
  title.textContent = yLabel;
  title.setAttribute("aria-hidden", "true");
  const svg = svgElement("svg", { role: "img", class: "arbook-svg" });
  host.append(title, svg);
  parent.append(host);
  const grid = svgElement("g", { class: "arbook-grid" }, svg);
  const behind = svgElement("g", {}, svg); // what time does not cover
  const inside = svgElement("g", {}, svg);
  const axes = svgElement("g", { class: "arbook-axes" }, svg);
  const over = svgElement("g", {}, svg); // words, which time covers whole or not at all
  /** @type {Map<string, SVGElement>} */
  const parts = new Map();
  /** @type {string[]} */
  let layers = [];
  /** @type {string[]} */
  let timeless = [];
  let framed = "", width = 0, tall = 0;

  const canvas = {
    host, svg, x: same, y: same, xInverse: same, yInverse: same, box: { left: 0, right: 0, top: 0, bottom: 0 },
    /** Whether words have room in few rows only, as on a phone. */
    get isLow() { return canvas.box.bottom - canvas.box.top < LOW; },
    /** How much everything is enlarged. */
    scale: 1,
    /** The y range that is drawn, and ranges that a steady frame goes on showing. */
    yRange: [0, 1], held: /** @type {number[][]} */ ([]),
    /** Put other words above the y axis. @param {string} words */
    nameY(words) { title.textContent = words; },
    /** Set the ranges, and draw the axes. @param {Frame} options */
    frame(options) {
      const { xLog, yLog, steady } = options;
      canvas.yRange = options.y;
      const ys = steady ? [options.y, ...canvas.held] : [options.y];
      const y = [Math.min(...ys.map(([low]) => low)), Math.max(...ys.map(([, high]) => high))];
      const xRange = xLog ? options.x : drawable(options.x), yRange = yLog ? y : drawable(y);
      // names of ticks, which may change while numbers stay
      const names = [options.xTicks?.map(options.xFormat ?? String), options.yTicks?.map(options.yFormat ?? String)];
      const key = JSON.stringify([xRange, yRange, xLog, yLog, options.xTicks, options.yTicks, names, width, tall]);
      const l = left, r = width - MARGIN.right, t = MARGIN.top, b = tall - MARGIN.bottom;
      canvas.x = scale(xRange, xLog, l, r);
      canvas.y = scale(yRange, yLog, b, t);
      canvas.xInverse = unscale(xRange, xLog, l, r);
      canvas.yInverse = unscale(yRange, yLog, b, t);
      canvas.box = { left: l, right: r, top: t, bottom: b };
      if (key === framed) return;
      framed = key;
      const xTicks = options.xTicks || (xLog ? logTicks : niceTicks)(xRange[0], xRange[1], (r - l) / 90);
      const yTicks = options.yTicks || (yLog ? logTicks : niceTicks)(yRange[0], yRange[1], (b - t) / 50);
      const xText = options.xFormat || (xLog ? String : tickFormat(xTicks));
      const yText = options.yFormat || (yLog ? String : tickFormat(yTicks));
      grid.replaceChildren();
      axes.replaceChildren();
      for (const tick of yTicks) {
        const at = pixels(canvas.y(tick));
        svgElement("line", { x1: l, x2: r, y1: at, y2: at }, grid);
        svgElement("text", { x: l - 8, y: at + 4, "text-anchor": "end" }, axes).textContent = yText(tick);
      }
      for (const tick of xTicks) {
        const x = pixels(canvas.x(tick));
        svgElement("line", { x1: x, x2: x, y1: b, y2: b + 5 }, axes);
        svgElement("text", { x, y: b + 18, "text-anchor": "middle" }, axes).textContent = xText(tick);
      }
      svgElement("line", { x1: l, x2: r, y1: b, y2: b }, axes);
      const label = { x: (l + r) / 2, y: tall - 6, "text-anchor": "middle", class: "arbook-axis-label" };
      svgElement("text", label, axes).textContent = xLabel;
    },
    /**
     * Which parts lie below which, lowest first; parts that are not named lie on top in the order of first use, words
     * above all and ghosts below all.
     * @param {string[]} names
     */
    layers(...names) { layers = names; },
    /** Which parts are there at any time, lines and dots behind what `uncover` shows. @param {string[]} names */
    timeless(...names) { timeless = names; },
    /**
     * The element of one part, made on first use.
     * @type {(name: string, tag: "path" | "text" | "g", className: string) => SVGElement}
     */
    part(name, tag, className) {
      let element = parts.get(name);
      if (!element) {
        const at = layers.indexOf(name);
        const before = name.startsWith("ghost ") ? inside.firstChild : [...inside.children].find((child) => {
          const other = layers.indexOf(child.getAttribute("data-part") ?? "");
          return at >= 0 && (other > at || other < 0) && !child.classList.contains("arbook-ghost");
        });
        element = svgElement(tag, { "data-part": name });
        if (tag === "text") over.append(element);
        else if (timeless.includes(name)) behind.append(element);
        else inside.insertBefore(element, before || null);
        parts.set(name, element);
      }
      put(element, "class", className);
      element.removeAttribute("display");
      return element;
    },
    /** Take parts off the picture until they are drawn again. @param {string[]} names */
    hide(...names) {
      for (const name of names) parts.get(name)?.setAttribute("display", "none");
    },
    /**
     * Show what lies left of x only, and the words that begin or end there; all of it without an x. A style, not a
     * clipPath: its change lays nothing out.
     * @param {number} [x]
     */
    uncover(x) {
      const reached = x === undefined ? Infinity : canvas.x(x);
      for (const words of over.children) {
        const always = timeless.includes(words.getAttribute("data-part") ?? "");
        put(words, "visibility", always || Number(words.getAttribute("x")) <= reached ? "visible" : "hidden");
      }
      if (x === undefined) return inside.removeAttribute("style");
      const rest = pixels(Math.max(0, width - Math.max(0, canvas.x(x))));
      inside.style.clipPath = `inset(${-MARGIN.top}px ${rest}px 0 0) view-box`;
    },
    /** Take the room that there is; return whether that has changed. */
    measure() {
      const { most = Infinity, fill = false, scale = 1 } = room();
      const across = Math.floor((host.clientWidth || 640) / scale);
      const wanted = typeof height === "function" ? height(across) : height;
      const down = Math.round(fill ? most / scale : Math.min(wanted, most / scale));
      if (across === width && down === tall && scale === canvas.scale) return false;
      [width, tall, canvas.scale] = [across, down, scale];
      svg.setAttribute("width", String(width * scale));
      svg.setAttribute("height", String(tall * scale));
      svg.setAttribute("viewBox", `0 0 ${width} ${tall}`);
      return true;
    },
  };
  canvas.measure();
  canvas.frame({ x: [0, 1], y: [0, 1] });
  return canvas;
}
