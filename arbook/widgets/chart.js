// Charts in plain SVG: a canvas with marks, what a pointer does on it, and the ghost of the last state. A chart keeps
// its parts by name: drawing a part again changes it in place.
import { makeCanvas } from "./canvas.js";
import { ghostOn } from "./ghost.js";
import { marksOn } from "./marks.js";
import { pointingOn } from "./pointing.js";

/** @typedef {ReturnType<typeof makeChart>} Chart */

/**
 * Make a chart in `parent`; `redraw` is called after its size changed.
 * @param {Element} parent
 * @param {Parameters<typeof makeCanvas>[1] & { redraw?: () => void }} options
 */
export function makeChart(parent, { redraw = () => {}, ...options }) {
  const canvas = makeCanvas(parent, options), marks = marksOn(canvas);
  const pointing = pointingOn(canvas, marks);
  Object.assign(canvas, pointing);
  const chart = Object.assign(canvas, marks, pointing, ghostOn(canvas, marks));
  // In the next frame: a new height now would be a size that the observer has to report again, an error in WebKit.
  new ResizeObserver(() => requestAnimationFrame(() => { if (chart.measure()) redraw(); })).observe(chart.host);
  return chart;
}
