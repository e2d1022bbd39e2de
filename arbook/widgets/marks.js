// What is drawn on a canvas: lines, bands, bars, dots, crosses, rules, words. Each mark is a part with a name; drawing
// it again changes it in place.
import { besideOf } from "./beside.js";
import { breakLines, LINE, put } from "./svg.js";

/**
 * A curve: the same number of xs and ys.
 * @typedef {ArrayLike<number>} Values
 * Where words stand beside their point, in pixels; `lines`: broken into lines where they have no room in one.
 * @typedef {{ dx?: number, dy?: number, anchor?: string, lines?: boolean }} Place
 */

/** Pixels, as they are written. */
export const pixels = (/** @type {number} */ v) => Math.round(v * 10) / 10;

/** Pixels between words that stand one above another. */
export const APART = 16;
const ABOVE = 7, BELOW = 14; // from the end of a line to its words
const WIDE = 130; // pixels of a few words

/**
 * How far down words are written, in pixels, so that they are no nearer than a line to others: if so, above those, or
 * below them (`way` 1).
 */
export const clear = (/** @type {number} */ down, /** @type {number} */ others, way = -1) =>
  (Math.abs(down - others) < APART ? others + way * APART : down);

/**
 * Where words stand beside a point, `gap` pixels away: to its right, or to its left where the frame ends there.
 * @type {(canvas: import("./canvas.js").Canvas, x: number, gap: number) => Place}
 */
export const aside = (canvas, x, gap) =>
  (canvas.box.right - canvas.x(x) < WIDE ? { dx: -gap, anchor: "end" } : { dx: gap });

/** The marks of a canvas. @param {import("./canvas.js").Canvas} canvas */
export function marksOn(canvas) {
  const marks = {
    /** Anything else, by the data of a path. @type {(name: string, d: string, className: string) => void} */
    path(name, d, className) {
      put(canvas.part(name, "path", className), "d", d);
    },
    /**
     * A line through (xs[i], ys[i]); `step` draws the value that holds until the next x, `cut` no more than the frame
     * shows.
     * @type {(name: string, xs: Values, ys: Values, className: string,
     *   how?: { step?: boolean, cut?: boolean }) => void}
     */
    line(name, xs, ys, className, { step = false, cut = false } = {}) {
      marks.path(name, cut ? traceInside(xs, ys) : trace(xs, ys, step), className);
    },
    /**
     * Many lines in one part: rows of `xs.length` values in `values`.
     * @type {(name: string, xs: Values, values: Float64Array, className: string) => void}
     */
    lines(name, xs, values, className) {
      const n = xs.length;
      let d = "";
      for (let i = 0; n && i + n <= values.length; i += n) d += trace(xs, values.subarray(i, i + n), false);
      marks.path(name, d, className);
    },
    /**
     * The area between two curves over the same xs.
     * @type {(name: string, xs: Values, lows: Values, highs: Values, className: string) => void}
     */
    band(name, xs, lows, highs, className) {
      const n = xs.length;
      let d = trace(xs, lows, false);
      for (let i = n - 1; i >= 0; i--) d += `L${pixels(canvas.x(xs[i]))},${pixels(canvas.y(highs[i]))}`;
      marks.path(name, `${d}Z`, className);
    },
    /**
     * A horizontal bar from one x to another, `thick` to either side of its row.
     * @type {(name: string, from: number, to: number, row: number, thick: number, className: string) => void}
     */
    bar(name, from, to, row, thick, className) {
      marks.band(name, [from, to], [row - thick, row - thick], [row + thick, row + thick], className);
    },
    /**
     * Discs of radius `r` in one part.
     * @type {(name: string, xs: Values, ys: Values, className: string, r?: number) => void}
     */
    dots(name, xs, ys, className, r = 3.5) {
      let d = "";
      for (let i = 0; i < xs.length; i++) {
        const x = pixels(canvas.x(xs[i]) - r), y = pixels(canvas.y(ys[i]));
        d += `M${x},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`;
      }
      marks.path(name, d, className);
    },
    /**
     * Crosses at xs, so many pixels above the frame's foot.
     * @type {(name: string, xs: number[], className: string, above: number) => void}
     */
    crosses(name, xs, className, above) {
      const top = canvas.box.bottom - above - 4;
      marks.path(name, xs.map((x) => `M${canvas.x(x) - 4},${top}l8,8m0,-8l-8,8`).join(""), className);
    },
    /**
     * A vertical line at x (or a horizontal one at y) across the whole frame.
     * @type {(name: string, at: { x: number } | { y: number }, className: string) => void}
     */
    rule(name, at, className) {
      const { left: l, right: r, top: t, bottom: b } = canvas.box;
      const d = "x" in at ? `M${pixels(canvas.x(at.x))},${t}V${b}` : `M${l},${pixels(canvas.y(at.y))}H${r}`;
      marks.path(name, d, className);
    },
    /**
     * Text at a data point, moved by (dx, dy) pixels and kept inside the frame; hints may have lines.
     * @type {(name: string, x: number, y: number, words: string, className: string,
     *   place?: Place) => void}
     */
    text(name, x, y, words, className, place = {}) {
      const { dx = 0, dy = 0, anchor = "start", lines = className === "arbook-hint" } = place;
      const element = /** @type {SVGTextElement} */ (canvas.part(name, "text", className));
      const { left: l, right: r, top: t, bottom: b } = canvas.box, across = canvas.x(x) + dx;
      /** @type {Record<string, number>} */
      const room = { start: r - across, middle: 2 * Math.min(across - l, r - across), end: across - l };
      if (element.textContent !== words || element.childElementCount) element.textContent = words;
      put(element, "text-anchor", anchor);
      put(element, "x", String(pixels(across)));
      const more = LINE * (lines ? breakLines(element, room[anchor]) - 1 : 0);
      const down = Math.max(Math.min(canvas.y(y) + dy - more / 2, b - 4 - more), t + 12);
      put(element, "y", String(pixels(down)));
    },
    /**
     * Names at the right ends of lines, one below another where the lines end near each other. Words that change with
     * the state have a name for their part.
     * @type {(x: number, ends: { y: number, words: string, look: string, name?: string }[]) => void}
     */
    labels(x, ends) {
      const { top, bottom } = canvas.box;
      const places = [...ends].sort((a, b) => canvas.y(a.y) - canvas.y(b.y)).map((end) => ({ ...end, down: 0 }));
      let last = top - 4;
      for (const place of places) { // above the line's end or below it, never across
        const y = Math.min(canvas.y(place.y), bottom), free = last + APART;
        last = place.down = free > y - ABOVE ? Math.max(free, y + BELOW) : y - ABOVE;
      }
      let next = bottom - 4 + APART;
      for (const place of places.reverse()) next = place.down = Math.min(place.down, next - APART);
      for (const { y, words, look, name = words, down } of places) {
        const place = { anchor: "end", dx: -6, dy: down - canvas.y(y) };
        marks.text(`label ${name}`, x, y, words, `arbook-label ${look}`, place);
      }
    },
    /** A question in the middle of a point. @type {(x: number, y: number, words: string, dy?: number) => void} */
    ask(x, y, words, dy = 0) {
      marks.text("ask", x, y, words, "arbook-hint", { anchor: "middle", dy });
    },
    /**
     * Text beside a data point, as near to it as it lies on none of these parts, which are drawn before.
     * @type {(name: string, x: number, y: number, words: string, className: string, off: string[]) => void}
     */
    beside(name, x, y, words, className, off) {
      const element = /** @type {SVGTextElement} */ (canvas.part(name, "text", className));
      marks.text(name, x, y, words, className, besideOf(canvas, element, { x, y, words, off }));
    },
    /**
     * The reader's guess, with words beside it that keep off some parts.
     * @type {(x: number, y: number, off: string[]) => void}
     */
    guessOff(x, y, off) {
      marks.dots("guess", [x], [y], "arbook-dot arbook-guess-dot", 5);
      marks.beside("guess words", x, y, "your guess", "arbook-label", off);
    },
    /**
     * The reader's guess, with its words to the right of it (`side` > 0) or to the left.
     * @type {(x: number, y: number, side: number, dy: number) => void}
     */
    guess(x, y, side, dy) {
      marks.dots("guess", [x], [y], "arbook-dot arbook-guess-dot", 5);
      const place = { dx: side, dy, anchor: side > 0 ? "start" : "end", lines: true };
      marks.text("guess words", x, y, "your guess", "arbook-label", place);
    },
  };
  /** A curve ends where it leaves the frame, up or down. @type {(xs: Values, ys: Values) => string} */
  function traceInside(xs, ys) {
    const [low, high] = canvas.yRange;
    let d = "", isOpen = false;
    for (let i = 1; i < xs.length; i++) {
      const rise = ys[i] - ys[i - 1], flat = ys[i] < low || ys[i] > high ? [1, 0] : [0, 1];
      const ends = rise ? [(low - ys[i - 1]) / rise, (high - ys[i - 1]) / rise].sort((a, b) => a - b) : flat;
      const from = Math.max(ends[0], 0), to = Math.min(ends[1], 1);
      const at = (/** @type {number} */ u) =>
        `${pixels(canvas.x(xs[i - 1] + u * (xs[i] - xs[i - 1])))},${pixels(canvas.y(ys[i - 1] + u * rise))}`;
      if (from < to) d += `${isOpen && from === 0 ? "" : `M${at(from)}`}L${at(to)}`;
      isOpen = from < to && to === 1;
    }
    return d;
  }
  /** @type {(xs: Values, ys: Values, step: boolean) => string} */
  function trace(xs, ys, step) {
    let d = `M${pixels(canvas.x(xs[0]))},${pixels(canvas.y(ys[0]))}`;
    for (let i = 1; i < xs.length; i++) {
      const x = pixels(canvas.x(xs[i])), y = pixels(canvas.y(ys[i]));
      d += step ? `H${x}V${y}` : `L${x},${y}`;
    }
    return d;
  }
  return marks;
}
