// A mark that falls to its place.
import { isStill } from "./elements.js";

/** Let the mark of an experiment come from where it began, `from` pixels below its place. */
export function dropIn(/** @type {SVGElement} */ mark, /** @type {number} */ from) {
  if (isStill()) return;
  const start = { transform: `translateY(${from}px)`, opacity: 0.3 }, end = { transform: "none", opacity: 1 };
  mark.animate([start, end], { duration: 260, easing: "ease-out" });
}
