// Entries of a legend: a swatch as the chart draws it, and words.
import { element } from "./elements.js";
import { svgElement } from "./svg.js";

/**
 * An entry: the class of the swatch, words, and the path of a mark of its own.
 * @type {(entry: string[]) => HTMLElement}
 */
export function legendKey([className, words, mark]) {
  const item = element("span", "arbook-key", words);
  const swatch = svgElement("svg", { width: 22, height: 12, "aria-hidden": "true" });
  if (mark) svgElement("path", { d: mark, class: className }, swatch);
  else if (className.includes("band")) svgElement("rect", { width: 22, height: 12, class: className }, swatch);
  else if (className.includes("dot")) svgElement("circle", { cx: 11, cy: 6, r: 4, class: className }, swatch);
  else {
    const d = className.includes("cross") ? "M7,2l8,8M7,10l8,-8" : "M0,6H22";
    svgElement("path", { d, class: className }, swatch);
  }
  item.prepend(swatch);
  return item;
}
