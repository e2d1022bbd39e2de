// Charts in plain SVG: axes, lines, bands, dots. A chart keeps its parts by name: drawing a part
// again changes it in place. Sizes are pixels of the page, laid out again when the width changes,
// so that text keeps its size on a phone.
import { drawable, logTicks, niceTicks, tickFormat } from "./ticks.js";

const SVG_NS = "http://www.w3.org/2000/svg";

/**
 * An SVG element with these attributes, at the end of `parent` if there is one.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {Element} [parent]
 */
export function svgElement(tag, attributes, parent) {
  const element = document.createElementNS(SVG_NS, tag);
  for (const key in attributes) element.setAttribute(key, String(attributes[key]));
  if (parent) parent.append(element);
  return element;
}

const LINE = 19; // height of a line of a hint

/**
 * Break an element's words into lines that are no longer than `room`; return how many there are.
 * @type {(element: SVGTextElement, room: number) => number}
 */
function breakLines(element, room) {
  if (element.getComputedTextLength() <= room) return 1;
  const words = (element.textContent ?? "").split(" "), x = element.getAttribute("x") ?? 0;
  element.textContent = "";
  /** @type {SVGTSpanElement | undefined} */
  let line;
  let text = "";
  for (const word of words) {
    if (line) {
      line.textContent = `${text} ${word}`;
      if (line.getComputedTextLength() <= room) { text = line.textContent; continue; }
      line.textContent = `${text} `; // so that what is copied or found has two words
    }
    line = svgElement("tspan", { x, dy: line ? LINE : 0 }, element);
    line.textContent = text = word;
  }
  return element.childElementCount;
}

/**
 * A curve: the same number of xs and ys.
 * @typedef {ArrayLike<number>} Values
 * @typedef {{ x: number[], y: number[], xLog?: boolean, yLog?: boolean, xTicks?: number[] | null,
 *   yTicks?: number[], xFormat?: (value: number) => string, yFormat?: (value: number) => string }} Frame
 * @typedef {ReturnType<typeof makeChart>} Chart
 */

/** The usual height of a chart. */
const usual = (/** @type {number} */ width) => Math.min(360, Math.max(240, width * 0.5));

/**
 * Make a chart in `parent`. `height` is in pixels, or a function of the width; `left` is the room for the y ticks;
 * `redraw` is called after the width changed.
 * @param {Element} parent
 * @param {{ xLabel: string, yLabel: string, height?: number | ((width: number) => number), left?: number,
 *   redraw?: () => void }} options
 */
export function makeChart(parent, { xLabel, yLabel, height = usual, left = 52, redraw = () => {} }) {
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
  const inside = svgElement("g", {}, svg);
  const axes = svgElement("g", { class: "arbook-axes" }, svg);
  const margin = { top: 8, right: 14, bottom: 42, left };
  /** @type {Map<string, SVGElement>} */
  const parts = new Map();
  /** @type {string[]} */
  let layers = [];
  let framed = "", width = 0, tall = 0;

  const number = (/** @type {number} */ v) => Math.round(v * 10) / 10;
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

  const chart = {
    host, svg, x: same, y: same, xInverse: same, yInverse: same, box: { left: 0, right: 0, top: 0, bottom: 0 },
    /** Put other words above the y axis. @param {string} words */
    nameY(words) { title.textContent = words; },
    /** Set the ranges, and draw the axes. @param {Frame} options */
    frame(options) {
      const { xLog, yLog } = options;
      const xRange = xLog ? options.x : drawable(options.x), yRange = yLog ? options.y : drawable(options.y);
      const key = JSON.stringify([xRange, yRange, xLog, yLog, options.xTicks, options.yTicks, width, tall]);
      const l = margin.left, r = width - margin.right, t = margin.top, b = tall - margin.bottom;
      chart.x = scale(xRange, xLog, l, r);
      chart.y = scale(yRange, yLog, b, t);
      chart.xInverse = unscale(xRange, xLog, l, r);
      chart.yInverse = unscale(yRange, yLog, b, t);
      chart.box = { left: l, right: r, top: t, bottom: b };
      if (key === framed) return chart;
      framed = key;
      const xTicks = options.xTicks || (xLog ? logTicks : niceTicks)(xRange[0], xRange[1], (r - l) / 90);
      const yTicks = options.yTicks || (yLog ? logTicks : niceTicks)(yRange[0], yRange[1], (b - t) / 50);
      const xText = options.xFormat || (xLog ? String : tickFormat(xTicks));
      const yText = options.yFormat || (yLog ? String : tickFormat(yTicks));
      grid.replaceChildren();
      axes.replaceChildren();
      for (const tick of yTicks) {
        const y = number(chart.y(tick));
        svgElement("line", { x1: l, x2: r, y1: y, y2: y }, grid);
        svgElement("text", { x: l - 8, y: y + 4, "text-anchor": "end" }, axes).textContent = yText(tick);
      }
      for (const tick of xTicks) {
        const x = number(chart.x(tick));
        svgElement("line", { x1: x, x2: x, y1: b, y2: b + 5 }, axes);
        svgElement("text", { x, y: b + 18, "text-anchor": "middle" }, axes).textContent = xText(tick);
      }
      svgElement("line", { x1: l, x2: r, y1: b, y2: b }, axes);
      const label = { x: (l + r) / 2, y: tall - 6, "text-anchor": "middle", class: "arbook-axis-label" };
      svgElement("text", label, axes).textContent = xLabel;
      return chart;
    },
    /**
     * Which parts lie below which, lowest first; parts that are not named lie on top in the order of first use.
     * @param {string[]} names
     */
    layers(...names) { layers = names; return chart; },
    /**
     * The element of one part, made on first use.
     * @type {(name: string, tag: "path" | "text" | "g", className: string) => SVGElement}
     */
    part(name, tag, className) {
      let element = parts.get(name);
      if (!element) {
        const at = layers.indexOf(name);
        const before = [...inside.children].find((child) => {
          const other = layers.indexOf(child.getAttribute("data-part") ?? "");
          return at >= 0 && (other > at || other < 0);
        });
        element = svgElement(tag, { "data-part": name });
        inside.insertBefore(element, before || null);
        parts.set(name, element);
      }
      element.setAttribute("class", className);
      element.removeAttribute("display");
      return element;
    },
    /** Take parts off the picture until they are drawn again. @param {string[]} names */
    hide(...names) {
      for (const name of names) parts.get(name)?.setAttribute("display", "none");
      return chart;
    },
    /** Anything else, by the data of a path. @type {(name: string, d: string, className: string) => Chart} */
    path(name, d, className) {
      chart.part(name, "path", className).setAttribute("d", d);
      return chart;
    },
    /**
     * A line through (xs[i], ys[i]); `step` draws the value that holds until the next x.
     * @type {(name: string, xs: Values, ys: Values, className: string, how?: { step?: boolean }) => Chart}
     */
    line(name, xs, ys, className, { step = false } = {}) {
      return chart.path(name, trace(xs, ys, step), className);
    },
    /**
     * Many lines in one part: rows of `xs.length` values in `values`.
     * @type {(name: string, xs: Values, values: Float64Array, className: string) => Chart}
     */
    lines(name, xs, values, className) {
      const n = xs.length;
      let d = "";
      for (let i = 0; n && i + n <= values.length; i += n) d += trace(xs, values.subarray(i, i + n), false);
      return chart.path(name, d, className);
    },
    /**
     * The area between two curves over the same xs.
     * @type {(name: string, xs: Values, lows: Values, highs: Values, className: string) => Chart}
     */
    band(name, xs, lows, highs, className) {
      const n = xs.length;
      let d = trace(xs, lows, false);
      for (let i = n - 1; i >= 0; i--) d += `L${number(chart.x(xs[i]))},${number(chart.y(highs[i]))}`;
      return chart.path(name, `${d}Z`, className);
    },
    /**
     * A horizontal bar from one x to another, `thick` to either side of its row.
     * @type {(name: string, from: number, to: number, row: number, thick: number, className: string) => Chart}
     */
    bar(name, from, to, row, thick, className) {
      return chart.band(name, [from, to], [row - thick, row - thick], [row + thick, row + thick], className);
    },
    /**
     * Discs of radius `r` in one part.
     * @type {(name: string, xs: Values, ys: Values, className: string, r?: number) => Chart}
     */
    dots(name, xs, ys, className, r = 3.5) {
      let d = "";
      for (let i = 0; i < xs.length; i++) {
        const x = number(chart.x(xs[i]) - r), y = number(chart.y(ys[i]));
        d += `M${x},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`;
      }
      return chart.path(name, d, className);
    },
    /**
     * Crosses at xs, so many pixels above the frame's foot.
     * @type {(name: string, xs: number[], className: string, above: number) => Chart}
     */
    crosses(name, xs, className, above) {
      const top = chart.box.bottom - above - 4;
      return chart.path(name, xs.map((x) => `M${chart.x(x) - 4},${top}l8,8m0,-8l-8,8`).join(""), className);
    },
    /**
     * A vertical line at x (or a horizontal one at y) across the whole frame.
     * @type {(name: string, at: { x: number } | { y: number }, className: string) => Chart}
     */
    rule(name, at, className) {
      const { left: l, right: r, top: t, bottom: b } = chart.box;
      const d = "x" in at ? `M${number(chart.x(at.x))},${t}V${b}` : `M${l},${number(chart.y(at.y))}H${r}`;
      return chart.path(name, d, className);
    },
    /**
     * Text at a data point, moved by (dx, dy) pixels and kept inside the frame; a hint is broken into lines.
     * @type {(name: string, x: number, y: number, words: string, className: string,
     *   place?: { dx?: number, dy?: number, anchor?: string }) => Chart}
     */
    text(name, x, y, words, className, { dx = 0, dy = 0, anchor = "start" } = {}) {
      const element = /** @type {SVGTextElement} */ (chart.part(name, "text", className));
      const { left: l, right: r, top: t, bottom: b } = chart.box, across = chart.x(x) + dx;
      /** @type {Record<string, number>} */
      const room = { start: r - across, middle: 2 * Math.min(across - l, r - across), end: across - l };
      element.textContent = words;
      element.setAttribute("text-anchor", anchor);
      element.setAttribute("x", String(number(across)));
      const more = LINE * (className === "arbook-hint" ? breakLines(element, room[anchor]) - 1 : 0);
      const down = Math.max(Math.min(chart.y(y) + dy - more / 2, b - 4 - more), t + 12);
      element.setAttribute("y", String(number(down)));
      return chart;
    },
    /** A question in the middle of a point. @type {(x: number, y: number, words: string, dy?: number) => Chart} */
    ask(x, y, words, dy = 0) {
      return chart.text("ask", x, y, words, "arbook-hint", { anchor: "middle", dy });
    },
    /**
     * The reader's guess, with its words to the right of it (`side` > 0) or to the left.
     * @type {(x: number, y: number, side: number, dy: number) => Chart}
     */
    guess(x, y, side, dy) {
      chart.dots("guess", [x], [y], "arbook-dot arbook-guess-dot", 5);
      const place = { dx: side, dy, anchor: side > 0 ? "start" : "end" };
      return chart.text("guess words", x, y, "your guess", "arbook-label", place);
    },
    /**
     * Call `handler(x, y)` in data units while the pointer is down on the frame.
     * @param {(x: number, y: number) => void} handler
     */
    onPoint(handler) {
      /** @type {(v: number, a: number, b: number) => number} */
      const clamp = (v, a, b) => Math.min(Math.max(v, a), b);
      const tell = (/** @type {PointerEvent} */ event) => {
        const box = svg.getBoundingClientRect(), { left: l, right: r, top: t, bottom: b } = chart.box;
        const x = clamp(event.clientX - box.left, l, r), y = clamp(event.clientY - box.top, t, b);
        handler(chart.xInverse(x), chart.yInverse(y));
      };
      svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); tell(event); });
      svg.addEventListener("pointermove", (event) => { if (svg.hasPointerCapture(event.pointerId)) tell(event); });
      svg.classList.add("arbook-pointable");
      return chart;
    },
  };
  /** @type {(xs: Values, ys: Values, step: boolean) => string} */
  function trace(xs, ys, step) {
    let d = `M${number(chart.x(xs[0]))},${number(chart.y(ys[0]))}`;
    for (let i = 1; i < xs.length; i++) {
      const x = number(chart.x(xs[i])), y = number(chart.y(ys[i]));
      d += step ? `H${x}V${y}` : `L${x},${y}`;
    }
    return d;
  }
  function measure() {
    const now = Math.floor(host.clientWidth) || 640;
    if (now === width) return false;
    width = now;
    tall = Math.round(typeof height === "function" ? height(width) : height);
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(tall));
    svg.setAttribute("viewBox", `0 0 ${width} ${tall}`);
    return true;
  }
  measure();
  chart.frame({ x: [0, 1], y: [0, 1] });
  // In the next frame: a new height now would be a size that the observer has to report again, an error in WebKit.
  new ResizeObserver(() => requestAnimationFrame(() => { if (measure()) redraw(); })).observe(host);
  return chart;
}
