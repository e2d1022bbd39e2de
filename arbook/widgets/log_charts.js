// The charts of a log: frontier and variants, and the keep rate by position.
import { wilsonInterval } from "./model/rates.js";
import { expectedRecords, recordsStd } from "./model/records.js";
import { formatNumber, perCent, range } from "./numbers.js";
import { drawPeaks } from "./runs.js";

const MOST_DOTS = 4000;

/**
 * Frontier and variants. The frame holds the frontier and nine tenths of the variants; triangles
 * stand for the others.
 */
export function drawLog(chart, log) {
  const { sign, value, status, frontier } = log, n = log.nExperiments;
  const costs = value.filter((v) => !Number.isNaN(v)).map((v) => sign * v).sort((a, b) => a - b);
  chart.hide("area", "other", "discarded", "frontier", "kept", "crashed", "off", "none");
  if (!costs.length) {
    chart.frame({ x: [0, Math.max(n, 1)], y: [0, 1] });
    return chart.text("none", Math.max(n, 1) / 2, 0.5, "no metric", "arbook-hint", { anchor: "middle" });
  }
  const best = costs[0], nine = costs[Math.floor(0.9 * (costs.length - 1))];
  const top = Math.max(nine, Number.isNaN(log.f0) ? nine : sign * log.f0);
  const room = 0.08 * (top - best) || 0.1 * Math.abs(top) || 1, far = top + room;
  const [low, high] = [sign * (best - 1.5 * room), sign * far].sort((a, b) => a - b);
  chart.frame({ x: [0, Math.max(n, 1)], y: [low, high] });
  const rows = range(value.length), isIn = (i) => sign * value[i] <= far, small = n > 300 ? 2.4 : 3.8;
  const thin = (some) => some.filter((_, i) => i % Math.ceil(some.length / MOST_DOTS) === 0);
  const dots = (name, some, className, r) => chart.dots(name, some, some.map((i) => value[i]), className, r);
  const measured = rows.filter((i) => !Number.isNaN(value[i]));
  dots("discarded", thin(measured.filter((i) => status[i] !== "keep" && isIn(i))), "arbook-dot arbook-hollow", small);
  dots("kept", thin(measured.filter((i) => status[i] === "keep" && isIn(i))), "arbook-dot arbook-first", small + 0.7);
  drawPeaks(chart, "off", thin(measured.filter((i) => !isIn(i))), "arbook-peak arbook-many", { below: sign < 0 });
  chart.crosses("crashed", thin(rows.filter((i) => status[i] === "crash")), "arbook-line arbook-fourth", 9);
  const start = frontier.findIndex((v) => !Number.isNaN(v));
  if (start >= 0) { // only where it turns: a run of ten thousand has few corners
    const turns = (i) => i === start || i === rows.length - 1 || frontier[i] !== frontier[i - 1];
    const corners = rows.slice(start).filter(turns), xs = corners.flatMap((i, k) => (k ? [i, i] : [i]));
    const ys = corners.flatMap((i, k) => (k ? [frontier[corners[k - 1]], frontier[i]] : [frontier[i]]));
    chart.band("area", xs, ys, ys.map(() => log.f0), "arbook-band arbook-key-ink");
    chart.line("frontier", corners, corners.map((i) => frontier[i]), "arbook-line arbook-ink", { step: true });
  }
  return chart;
}

/** Keep rates in so many parts of a log, with their intervals and what luck alone would keep. */
export function drawRates(chart, log, bins, luck) {
  const { outcomes } = log, n = outcomes.length;
  chart.hide("records", "records end", "deviation", "records words", "guess", "guess words");
  chart.nameY("keep rate, with 95 % intervals");
  const edges = [...new Set(range(bins + 1).map((b) => Math.floor((b * n) / bins + 0.5)))];
  chart.frame({ x: [0, Math.max(n, 1)], y: [0, 1], yTicks: [0, 0.25, 0.5, 0.75, 1], yFormat: (rate) => perCent(rate) });
  let intervals = "";
  const xs = [], ys = [];
  for (let b = 1; b < edges.length; b++) {
    const part = outcomes.slice(edges[b - 1], edges[b]), kept = part.filter((s) => s === "keep").length;
    const { rate, low, high } = wilsonInterval(kept, part.length), x = (edges[b] + edges[b - 1]) / 2;
    intervals += `M${chart.x(x) - 5},${chart.y(low)}h10m-5,0V${chart.y(high)}m-5,0h10`;
    xs.push(x);
    ys.push(rate);
  }
  chart.path("intervals", intervals, "arbook-line arbook-first arbook-thin");
  chart.dots("rates", xs, ys, "arbook-dot arbook-first", 5);
  if (!luck || !n) return chart.hide("luck");
  const few = Math.min(n, 200), at = range(few + 1).map((i) => (i * n) / few);
  return chart.line("luck", at, at.map((t) => 1 / (t + 2)), "arbook-line arbook-second arbook-dashed");
}

/** What the question is about: improvements among so many random draws, beside the reader's guess if there is one. */
export function drawRecords(chart, guess) {
  const draws = range(101), law = (side) => draws.map((t) => Math.max(0, expectedRecords(t) + side * recordsStd(t)));
  chart.hide("luck", "intervals", "rates", "guess", "guess words");
  chart.nameY("improvements among random draws");
  chart.frame({ x: [0, 100], y: [0, Math.max(8, 1.12 * (guess ?? 0))] });
  chart.band("deviation", draws, law(-1), law(1), "arbook-band arbook-second");
  chart.line("records", draws, law(0), "arbook-line arbook-second arbook-dashed");
  chart.dots("records end", [100], [expectedRecords(100)], "arbook-dot arbook-second", 5);
  const words = `${formatNumber(expectedRecords(100), 1)} after 100`;
  const place = { anchor: "end", dx: -4, dy: -16 };
  chart.text("records words", 100, expectedRecords(100), words, "arbook-label arbook-second", place);
  if (guess) chart.guess(100, guess, -10, 4);
}
