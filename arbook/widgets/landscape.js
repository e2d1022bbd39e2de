// A search in two dimensions: the landscape as a map with the way of the incumbent and the size of the
// next step, and beside it the metric.
import { normals } from "./model/draws.js";
import { decay, search, successRule } from "./model/searching.js";
import { formatNumber, latest, perCent, powerOfTen, range, roundUp, scientific } from "./numbers.js";
import {
  boxOf, drawLandscape, drawOthers, drawWay, GROUNDS, LANDSCAPES, squareFrame, zoomed,
} from "./landscape_map.js";
import { explorer } from "./panel.js";

const LOWEST = 1e-60; // of the logarithmic axis

export default explorer((panel) => {
  const { n, runs, starts, gammas, home, reach } = panel.data, height = (width) => Math.min(400, width - 8);
  const parent = panel.row("arbook-bar", "Landscape and rule");
  const choices = LANDSCAPES.map(({ name }, i) => {
    const [x0, y0] = starts[i];
    return panel.button(name, () => panel.set({ landscape: i, x0, y0 }), { parent });
  });
  panel.toggle("1/5 success rule in place of decay", "success", { parent });

  const map = panel.chart({ xLabel: "first coordinate", yLabel: "second coordinate", left: 44, height });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric of the incumbent", left: 48, height });
  const counted = `share of ${panel.data.many} searches that get home`;
  const shares = panel.chart({ xLabel: counted, yLabel: "decay rate γ", left: 48, height });
  panel.time({ name: "t", last: () => n, seconds: 16, leads: true });
  const near = (v) => Math.round(10 * Math.min(Math.max(v, -reach), reach)) / 10; // as the sliders have it
  map.onPoint((x, y) => panel.set({ x0: near(x), y0: near(y) }));
  map.layers(...range(GROUNDS).map((i) => `ground ${i}`), "discarded", "others",
    "way", "kept", "home", "circle", "now");
  chart.layers("frontier", "now");
  panel.legend([
    ["arbook-line arbook-ink", "way of the incumbent"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-second", "size of the next step"],
    ["arbook-dot arbook-third", `${runs - 1} such searches`],
    ["arbook-dot arbook-best", "optimum"],
    ["arbook-band arbook-first", "lower ground"],
  ]);
  const draw = latest((seed) => normals(seed, runs, 2 * n));
  const searches = latest((seed, landscape, success, start, gamma, x0, y0) => {
    const { objective, half } = LANDSCAPES[landscape], z = draw(seed), decaying = decay(start, gamma);
    const from = (rule, i) => search(objective, [x0, y0], rule, n, z.subarray(2 * n * i, 2 * n * (i + 1)));
    const all = range(runs).map((i) => from(success ? successRule(start) : decaying, i)), [run] = all;
    const box = boxOf(run.incumbents, half, landscape === 1), decayed = success ? from(decaying, 0) : null;
    return { all, run, decayed, box };
  });
  let drawn = ""; // what the map shows

  return (state) => {
    const { landscape, success, gamma, veiled } = state, t = veiled ? 0 : state.t;
    const { name, log } = LANDSCAPES[landscape];
    choices.forEach((button, i) => { button.setAttribute("aria-pressed", String(i === landscape)); });
    const { run, box, all, decayed } = searches(
      state.seed, landscape, success, state.start, gamma, state.x0, state.y0,
    );
    const frame = squareFrame(map, landscape ? box : zoomed(box, run, t)),
      key = JSON.stringify([landscape, frame, map.box]);
    if (drawn !== key) drawLandscape(map, frame, landscape);
    drawn = key;
    drawWay(map, run, t, landscape !== 1);
    if (veiled) map.hide("others");
    else drawOthers(map, all.slice(1), t);
    map.hide("ask");
    if (veiled) map.ask(frame.x[0] / 2, frame.y[0] / 2, "Press Play, or tap where the search shall begin.");

    const level = (i) => (log ? Math.max(run.frontier[i], LOWEST) : run.frontier[i]);
    for (const [one, is] of [[chart, !state.told], [shares, state.told]]) { // until the reader goes on
      if (one.host.hidden === is) { one.host.hidden = !is; one.measure(); }
    }
    const span = (log ? logFrame : linearFrame)(level(n), level(0));
    chart.frame({ x: [0, n], xTicks: [0, 100, 200, 300, 400], ...span });
    const ts = range(t + 1);
    chart.hide("ask");
    chart.line("frontier", ts, ts.map(level), "arbook-line arbook-ink", { step: true });
    chart.dots("now", [t], [level(t)], "arbook-dot arbook-second", 6);
    if (veiled) chart.ask(n / 2, level(0), "Where does it end?", 60);
    if (state.told) drawAnswer(shares, gammas, home);

    const truth = home.filter((rate) => rate > 0.5).length;
    if (veiled) {
      const from = `A search on the hollows starts at (${state.x0}, ${state.y0}), with a first step of `;
      const go = `${scientific(state.start)}. Commit to an answer, or move any control, to see where it goes.`;
      return { sentence: from + go, truth };
    }
    let sentence = saidOfSearch(state, run, t, name) + saidOfAll(all, landscape, n);
    if (decayed) {
      sentence += ` With γ = ${formatNumber(gamma, 3)} in place of the rule, and the same luck, it ends at `
        + `${scientific(decayed.frontier[n])} in place of ${scientific(run.frontier[n])}.`;
    }
    if (state.told) {
      const words = gammas.map((g, i) => `${perCent(home[i])} for ${formatNumber(g, 2)}`);
      sentence = `The searches that get home are ${words.join(", ")}. ${sentence}`;
    }
    return { sentence, truth };
  };
});

// How often searches with the decays of the question get home, and what more often than not is.
function drawAnswer(chart, gammas, home) {
  const rows = gammas.map((_, i) => gammas.length - i), yFormat = (row) => formatNumber(gammas[gammas.length - row], 2);
  chart.frame({
    x: [0, 1.04], xTicks: [0, 0.25, 0.5, 0.75, 1], xFormat: (v) => perCent(v), y: [0.4, 4], yTicks: rows, yFormat,
  });
  chart.line("half", [0.5, 0.5], [0.4, 3.4], "arbook-line arbook-ink arbook-dashed");
  chart.text("half words", 0.5, 3.7, "more often than not", "arbook-label arbook-soft", { anchor: "middle" });
  rows.forEach((row, i) => {
    chart.bar(`bar ${row}`, 0, home[i], row, 0.25, "arbook-bars arbook-first");
    chart.text(`share ${row}`, home[i], row, perCent(home[i]), "arbook-figure-number", { dx: 8, dy: 7 });
  });
}

function saidOfSearch(state, { frontier, incumbents, kept, step }, t, name) {
  const keeps = kept.slice(0, t).filter(Boolean).length, place = [incumbents[2 * t], incumbents[2 * t + 1]];
  const rule = state.success ? "with the 1/5 success rule" : state.gamma === 1 ? "with a constant step"
    : `with steps that shrink by γ = ${formatNumber(state.gamma, 3)}`, far = Math.hypot(...place);
  if (t === 0) {
    return `${name}, ${rule}: the baseline measures ${scientific(frontier[0])}, `
      + `and the first step is ${scientific(step[0])}. Move t to go on. `;
  }
  const where = [
    `It is ${scientific(far)} from the optimum, and the step is ${scientific((2 * step[t]) / far)} in natural units.`,
    `It has come ${scientific(place[0])} along the ridge.`,
    `It is in the hollow at (${place.map((v) => formatNumber(v, 0)).join(", ")}).`,
  ][state.landscape];
  return `${name}, ${rule}: ${keeps} of ${t} variants were kept (${perCent(keeps / t)}), the metric fell from `
    + `${scientific(frontier[0])} to ${scientific(frontier[t])}, and the next step is ${scientific(step[t])}. `
    + `${where} `;
}

function saidOfAll(all, landscape, n) {
  if (landscape === 2) {
    const isHome = ({ incumbents: x }) => Math.abs(x[2 * n]) < 0.5 && Math.abs(x[2 * n + 1]) < 0.5;
    const home = all.filter(isHome).length;
    return `Such searches that are in the deepest hollow after ${n} experiments: ${home} of ${all.length}.`;
  }
  const ends = all.map(({ frontier }) => frontier[n]).sort((a, b) => a - b);
  const middle = (ends[(all.length - 1) >> 1] + ends[all.length >> 1]) / 2;
  return `The median of ${all.length} such searches after ${n} experiments is ${scientific(middle)}.`;
}

function logFrame(last, first) {
  const low = Math.floor(Math.log10(last) - 0.1), high = Math.ceil(Math.log10(first) + 0.1);
  const every = Math.ceil((high - low) / 7), yTicks = [];
  for (let e = high; e >= low; e -= every) yTicks.push(10 ** e);
  return { y: [10 ** low, 10 ** high], yLog: true, yTicks, yFormat: (v) => powerOfTen(Math.round(Math.log10(v))) };
}

function linearFrame(last, first) {
  const reach = roundUp(first - last, 1, [1.25, 2, 3, 5, 8, 10]);
  return { y: [first - 1.05 * reach, first + 0.08 * reach] };
}
