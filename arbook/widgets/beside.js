// Where words stand beside a point so that they lie on none of a picture's lines and other words: as near as there is
// room.
import { LINE } from "./svg.js";

const ABOVE = 12, BELOW = 4, GAP = 10; // pixels of letters above and below where they are written, and beside the point
const TWO_LINES = 10; // how much farther words are sooner than broken

/**
 * The place of words beside (x, y) that keeps off some parts of a canvas: lines, dots, or words.
 * @param {import("./canvas.js").Canvas} canvas
 * @param {SVGTextElement} element
 * @param {{ x: number, y: number, words: string, off: string[] }} wanted
 * @returns {{ dx: number, dy: number, anchor: string, lines: boolean }}
 */
export function besideOf(canvas, element, { x, y, words, off }) {
  const { left, right, top, bottom } = canvas.box, across = canvas.x(x), down = canvas.y(y);
  const long = (/** @type {string} */ text) => {
    element.textContent = text;
    return element.getComputedTextLength();
  };
  const whole = long(words), longest = () => Math.max(...words.split(" ").map(long)); // each of which lays out
  const drawn = off.map((name) => canvas.svg.querySelector(`[data-part="${name}"]:not([display=none])`)).filter(Boolean)
    .flatMap((part) => pieces(/** @type {SVGElement} */ (part)));
  let found = { dx: GAP, dy: BELOW, anchor: "start", lines: true }, least = Infinity;
  for (const side of [1, -1]) {
    const room = side > 0 ? right - across - GAP : across - left - GAP;
    const lines = whole > room, width = lines ? longest() : whole, more = lines ? LINE : 0;
    if (width > room) continue;
    const from = side > 0 ? across + GAP : across - GAP - width;
    const taken = drawn.map((piece) => heights(piece, from - 2, from + width + 2)).filter((h) => h !== null)
      .map(([high, low]) => [high - BELOW - more, low + ABOVE]);
    const first = top + ABOVE, last = bottom - BELOW - more, ideal = down + BELOW - more / 2;
    for (const at of [ideal, ...taken.flat()]) {
      const away = Math.abs(at - ideal) + (lines ? TWO_LINES : 0);
      if (away >= least || at < first || at > last || taken.some(([a, b]) => at > a && at < b)) continue;
      least = away;
      found = { dx: side * GAP, dy: at + more / 2 - down, anchor: side > 0 ? "start" : "end", lines };
    }
  }
  return found;
}

/** The straight pieces of a part, as [x, y, x, y]; of words, their box. @param {SVGElement} part */
function pieces(part) {
  if (part.tagName === "text") {
    const width = /** @type {SVGTextElement} */ (part).getComputedTextLength();
    const anchor = part.getAttribute("text-anchor");
    const from = Number(part.getAttribute("x")) - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    const y = Number(part.getAttribute("y"));
    return solid(from, y - ABOVE, from + width, y + BELOW);
  }
  let x = 0, y = 0;
  /** @type {number[][]} */
  const found = [];
  for (const [, letter, numbers] of (part.getAttribute("d") ?? "").matchAll(/([MLHVa])([^MLHVaZ]*)/g)) {
    const [a, b] = numbers.split(/[ ,]/).map(Number), before = [x, y];
    if (letter === "a") { // half of a disc: the other half goes back
      found.push(...solid(x, y - Math.abs(a), x + 2 * a, y + Math.abs(a)));
      continue;
    }
    if (letter !== "V") x = a;
    if (letter !== "H") y = letter === "V" ? a : b;
    if (letter !== "M") found.push([...before, x, y]);
  }
  return found;
}

/**
 * A box, so dense that no words have room in it.
 * @type {(left: number, top: number, right: number, low: number) => number[][]}
 */
const solid = (left, top, right, low) => [top, (top + low) / 2, low].map((y) => [left, y, right, y]);

/**
 * The heights of a piece between two xs, highest first; null where it is not.
 * @type {(piece: number[], from: number, to: number) => [number, number] | null}
 */
function heights([x, y, right, low], from, to) {
  if (Math.max(x, right) < from || Math.min(x, right) > to) return null;
  const at = (/** @type {number} */ across) => y + Math.min(Math.max((across - x) / (right - x), 0), 1) * (low - y);
  const ends = x === right ? [y, low] : [at(from), at(to)];
  return [Math.min(...ends), Math.max(...ends)];
}
