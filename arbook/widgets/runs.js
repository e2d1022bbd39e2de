// What the explorers of real runs share: units, values beyond the frame, which run is shown.

/** The unit of a metric: its own name where it has no other. */
export function unitOf(metric) {
  return metric.endsWith("bpb") ? "bits per byte" : metric;
}

/** Triangles that point at values beyond the chart's upper edge (or its lower one). */
export function drawPeaks(chart, name, xs, className, { below = false } = {}) {
  const y = below ? chart.box.bottom - 2 : chart.box.top + 2, tip = below ? -8 : 8;
  chart.path(name, xs.map((x) => `M${(chart.x(x) - 4.5).toFixed(1)},${y + tip}h9l-4.5,${-tip}z`).join(""), className);
}

/** The entry of a legend for such triangles. @type {(look: string, words: string) => string[]} */
export const peakKey = (look, words) => [`arbook-peak ${look}`, words, "M6.5,10h9l-4.5,-8z"];

/** Mark the button of the run that is shown, also when its other parameters have moved on. */
export function markRun(panel, index) {
  for (const button of panel.presets) {
    if (Number(button.dataset.preset) === index) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}
