// Charts in plain SVG: axes, lines, bands, dots. A chart keeps its parts by name: drawing a part
// again changes it in place. Sizes are pixels of the page, laid out again when the width changes,
// so that text keeps its size on a phone.

const SVG_NS = "http://www.w3.org/2000/svg";

/** An SVG element with these attributes, at the end of `parent` if there is one. */
export function svgElement(tag, attributes, parent) {
  const element = document.createElementNS(SVG_NS, tag);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  if (parent) parent.append(element);
  return element;
}

const LINE = 19; // height of a line of a hint

/** Break an element's words into lines that are no longer than `room`; return how many there are. */
function breakLines(element, room) {
  if (element.getComputedTextLength() <= room) return 1;
  const words = element.textContent.split(" "), x = element.getAttribute("x");
  element.textContent = "";
  let line = null, text = "";
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

/** Round steps (1, 2, 2.5, 5 times a power of ten) that cut [low, high] into about `count` parts. */
export function niceTicks(low, high, count = 5) {
  const rough = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((s) => s * power >= rough * 0.999) * power;
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** The powers of ten in [low, high], with 2 and 5 times them when they are few. */
export function logTicks(low, high) {
  const ticks = [], few = Math.log10(high / low) < 2.5;
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    for (const m of few ? [1, 2, 5] : [1]) ticks.push(Number((m * 10 ** e).toPrecision(3)));
  }
  return ticks.filter((t) => t >= low * 0.999999 && t <= high * 1.000001);
}

/** A number for people: a true minus sign, no "-0.00". */
export function formatNumber(value, digits) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** As many decimals as the steps between ticks need. */
export function tickFormat(ticks) {
  let digits = 0;
  while (digits < 8 && ticks.some((t) => Math.abs(Number(t.toFixed(digits)) - t) > 1e-9 * Math.abs(t))) digits++;
  return (value) => formatNumber(value, digits);
}

/**
 * Make a chart in `parent`. Options: `xLabel`, `yLabel`, `height` (pixels, or a function of the
 * width), `left` (room for the y ticks), `redraw` (called after the width changed).
 */
export function makeChart(parent, { xLabel, yLabel, height = (w) => Math.min(360, Math.max(240, w * 0.5)), left = 52, redraw = () => {} }) {
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
  const parts = new Map();
  let layers = [];
  let frame = { x: [0, 1], y: [0, 1] }, framed = "", width = 0, tall = 0;

  const number = (v) => Math.round(v * 10) / 10;
  const scale = (range, log, from, to) => {
    const f = log ? Math.log10 : (v) => v, a = f(range[0]), k = (to - from) / (f(range[1]) - a);
    return (v) => from + (f(v) - a) * k;
  };
  const unscale = (range, log, from, to) => {
    const f = log ? Math.log10 : (v) => v, a = f(range[0]), k = (f(range[1]) - a) / (to - from);
    return (pixel) => { const v = a + (pixel - from) * k; return log ? 10 ** v : v; };
  };

  const chart = {
    host, svg,
    /** Set the ranges { x, y, xLog, yLog, xTicks, yTicks, xFormat, yFormat } and draw the axes. */
    frame(options) {
      frame = options;
      const key = JSON.stringify([options.x, options.y, options.xLog, options.yLog, options.xTicks, options.yTicks, width, tall]);
      const l = margin.left, r = width - margin.right, t = margin.top, b = tall - margin.bottom;
      chart.x = scale(options.x, options.xLog, l, r);
      chart.y = scale(options.y, options.yLog, b, t);
      chart.xInverse = unscale(options.x, options.xLog, l, r);
      chart.yInverse = unscale(options.y, options.yLog, b, t);
      chart.box = { left: l, right: r, top: t, bottom: b };
      if (key === framed) return chart;
      framed = key;
      const xTicks = options.xTicks || (options.xLog ? logTicks(...options.x) : niceTicks(...options.x, (r - l) / 90));
      const yTicks = options.yTicks || (options.yLog ? logTicks(...options.y) : niceTicks(...options.y, (b - t) / 50));
      const xText = options.xFormat || (options.xLog ? String : tickFormat(xTicks));
      const yText = options.yFormat || (options.yLog ? String : tickFormat(yTicks));
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
      svgElement("text", { x: (l + r) / 2, y: tall - 6, "text-anchor": "middle", class: "arbook-axis-label" }, axes).textContent = xLabel;
      return chart;
    },
    /** Which parts lie below which, lowest first; parts that are not named lie on top in the order of first use. */
    layers(...names) { layers = names; return chart; },
    /** The element of one part, made on first use. */
    part(name, tag, className) {
      let element = parts.get(name);
      if (!element) {
        const at = layers.indexOf(name), above = (other) => at >= 0 && (layers.indexOf(other) > at || !layers.includes(other));
        const before = [...inside.children].find((child) => above(child.dataset.part));
        element = svgElement(tag, { "data-part": name });
        inside.insertBefore(element, before || null);
        parts.set(name, element);
      }
      element.setAttribute("class", className);
      element.removeAttribute("display");
      return element;
    },
    /** Take parts off the picture until they are drawn again. */
    hide(...names) {
      for (const name of names) parts.get(name)?.setAttribute("display", "none");
      return chart;
    },
    /** A line through (xs[i], ys[i]); `step` draws the value that holds until the next x. */
    line(name, xs, ys, className, { step = false } = {}) {
      chart.part(name, "path", className).setAttribute("d", trace(xs, ys, step));
      return chart;
    },
    /** Many lines in one part: rows of `xs.length` values in `values`. */
    lines(name, xs, values, className) {
      const n = xs.length;
      let d = "";
      for (let start = 0; start + n <= values.length; start += n) d += trace(xs, values.subarray(start, start + n), false);
      chart.part(name, "path", className).setAttribute("d", d);
      return chart;
    },
    /** The area between two curves over the same xs. */
    band(name, xs, lows, highs, className) {
      const n = xs.length;
      let d = trace(xs, lows, false);
      for (let i = n - 1; i >= 0; i--) d += "L" + number(chart.x(xs[i])) + "," + number(chart.y(highs[i]));
      chart.part(name, "path", className).setAttribute("d", d + "Z");
      return chart;
    },
    /** Discs of radius `r` in one part. */
    dots(name, xs, ys, className, r = 3.5) {
      let d = "";
      for (let i = 0; i < xs.length; i++) {
        d += `M${number(chart.x(xs[i]) - r)},${number(chart.y(ys[i]))}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`;
      }
      chart.part(name, "path", className).setAttribute("d", d);
      return chart;
    },
    /** A vertical line at x (or a horizontal one at y) across the whole frame. */
    rule(name, { x, y }, className) {
      const { left: l, right: r, top: t, bottom: b } = chart.box;
      const d = x !== undefined ? `M${number(chart.x(x))},${t}V${b}` : `M${l},${number(chart.y(y))}H${r}`;
      chart.part(name, "path", className).setAttribute("d", d);
      return chart;
    },
    /** Text at a data point, moved by (dx, dy) pixels and kept inside the frame; a hint is broken into lines. */
    text(name, x, y, words, className, { dx = 0, dy = 0, anchor = "start" } = {}) {
      const element = chart.part(name, "text", className), { left: l, right: r, top: t, bottom: b } = chart.box;
      const across = chart.x(x) + dx, room = { start: r - across, middle: 2 * Math.min(across - l, r - across), end: across - l };
      element.textContent = words;
      element.setAttribute("text-anchor", anchor);
      element.setAttribute("x", number(across));
      const more = LINE * (className === "arbook-hint" ? breakLines(element, room[anchor]) - 1 : 0);
      element.setAttribute("y", number(Math.max(Math.min(chart.y(y) + dy - more / 2, b - 4 - more), t + 12)));
      return chart;
    },
    /** Call `handler(x, y, event)` in data units while the pointer is down on the frame. */
    onPoint(handler) {
      const tell = (event) => {
        const box = svg.getBoundingClientRect();
        const clamp = (v, a, b) => Math.min(Math.max(v, a), b), { left: l, right: r, top: t, bottom: b } = chart.box;
        handler(chart.xInverse(clamp(event.clientX - box.left, l, r)), chart.yInverse(clamp(event.clientY - box.top, t, b)), event);
      };
      svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); tell(event); });
      svg.addEventListener("pointermove", (event) => { if (svg.hasPointerCapture(event.pointerId)) tell(event); });
      svg.classList.add("arbook-pointable");
      return chart;
    },
  };
  function trace(xs, ys, step) {
    let d = "M" + number(chart.x(xs[0])) + "," + number(chart.y(ys[0]));
    for (let i = 1; i < xs.length; i++) {
      d += (step ? "H" + number(chart.x(xs[i])) + "V" : "L" + number(chart.x(xs[i])) + ",") + number(chart.y(ys[i]));
    }
    return d;
  }
  function measure() {
    const now = Math.floor(host.clientWidth) || 640;
    if (now === width) return false;
    width = now;
    tall = Math.round(typeof height === "function" ? height(width) : height);
    svg.setAttribute("width", width);
    svg.setAttribute("height", tall);
    svg.setAttribute("viewBox", `0 0 ${width} ${tall}`);
    return true;
  }
  measure();
  chart.frame(frame);
  // In the next frame: a new height now would be a size that the observer has to report again, an error in WebKit.
  new ResizeObserver(() => requestAnimationFrame(() => { if (measure()) redraw(); })).observe(host);
  return chart;
}
