// What the explorers of real runs share: numbers of any size for people, units, which run is shown.
import { formatNumber } from "./svg.js";

/** The decimals that show a number to `digits` significant digits. */
export function decimals(value, digits = 3) {
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  return Math.min(Math.max(digits - 1 - exponent, 0), 12);
}

/** A number to `digits` significant digits, without an exponent: 0.00301, 12.6, 344. */
export function significant(value, digits = 3) {
  return value ? formatNumber(value, decimals(value, digits)) : "0";
}

/** The same with a sign, for a bias. */
export function signed(value, digits = 3) {
  return (value > 0 ? "+" : "") + significant(value, digits);
}

/** The unit of a metric: its own name where it has no other. */
export function unitOf(metric) {
  return metric.endsWith("bpb") ? "bits per byte" : metric;
}

/** A share in per cent. */
export function perCent(part) {
  return formatNumber(100 * part, 0) + " %";
}

/** One thing, two things. */
export function plural(n, one, many = one + "s") {
  return `${n === 0 ? "no" : n} ${n === 1 ? one : many}`;
}

/** Put other words above a chart's y axis. */
export function nameY(chart, words) {
  chart.host.querySelector(".arbook-axis-title").textContent = words;
}

/** Triangles that point at values beyond the chart's upper edge (or its lower one). */
export function drawPeaks(chart, name, xs, className, { below = false } = {}) {
  const y = below ? chart.box.bottom - 2 : chart.box.top + 2, tip = below ? -8 : 8;
  const d = xs.map((x) => `M${(chart.x(x) - 4.5).toFixed(1)},${y + tip}h9l-4.5,${-tip}z`).join("");
  chart.part(name, "path", className).setAttribute("d", d);
}

/** Mark the button of the run that is shown, also when its other parameters have moved on. */
export function markRun(panel, index) {
  for (const button of panel.figure.parentElement.querySelectorAll("[data-preset]")) {
    if (Number(button.dataset.preset) === index) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}
