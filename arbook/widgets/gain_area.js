// Two agents side by side: the frontier of one run each with the area between it and the
// baseline, and below them both areas as numbers on one scale.
import { normals } from "./model/draws.js";
import { gainArea } from "./model/measures.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedFrontiers, expectedGainArea, gainAreaStd } from "./model/totals.js";
import { formatNumber, niceTicks } from "./svg.js";
import { explorer } from "./panel.js";

const PROGRAMS = ["first", "second"];

export default explorer((panel) => {
  const height = (width) => Math.min(270, Math.max(190, width * 0.72));
  const charts = PROGRAMS.map((name) => panel.chart({ xLabel: "experiments", yLabel: name + " agent: frontier, bits per byte", height }));
  const scale = panel.chart({ xLabel: "gain area, bits per byte × experiments", yLabel: "gain areas: expected (bar), ± one standard deviation (line), this run (dot)", left: 58, height: 122 });
  panel.legend([
    ["arbook-line arbook-key-ink", "one run, both with the same luck"],
    ["arbook-line arbook-key-ink arbook-dashed arbook-thin", "mean of all runs"],
    ["arbook-band arbook-key-ink", "gain area of the run"],
  ]);

  return (state) => {
    const { n, seed, veiled } = state, f0 = 1, z = normals(seed, 1, n);
    const xs = Array.from({ length: n + 1 }, (_, t) => t);
    const sides = PROGRAMS.map((name) => {
      const p = { sigma0: state["sigma0_" + name], gamma: state["gamma_" + name], mu: state["mu_" + name] };
      const run = simulatePaths(p, n, z, 1, f0), mean = expectedFrontiers(p, n, f0);
      return { run, mean, area: gainArea(run, f0), expected: expectedGainArea(p, n), std: gainAreaStd(p, n) };
    });
    const depth = roundDepth(f0 - Math.min(...sides.flatMap((side) => [side.run[n], side.mean[n]])));
    charts.forEach((chart, i) => {
      const side = sides[i], colour = "arbook-" + PROGRAMS[i];
      chart.frame({ x: [0, n], y: [f0 - depth, f0], xTicks: niceTicks(0, n, 4) });
      chart.line("mean", xs, side.mean, `arbook-line arbook-thin arbook-dashed ${colour}`);
      if (veiled) return chart.hide("area", "run", "words", "number");
      const stairs = stairsOf(xs, side.run);
      chart.band("area", stairs.xs, stairs.ys, stairs.ys.map(() => f0), `arbook-band ${colour}`);
      chart.line("run", xs, side.run, `arbook-line ${colour}`, { step: true });
      const box = chart.box;
      chart.text("number", n, f0, areaText(side.area), "arbook-figure-number", { dx: -10, dy: 0.2 * (box.bottom - box.top), anchor: "end" });
    });

    const shares = sides.map((side) => side.expected), ratio = shares[0] / shares[1];
    const { start } = panel.spec, atStart = Object.keys(start).every((name) => state[name] === start[name]);
    drawAreas(scale, sides, veiled, state.guess && atStart ? state.guess.value * shares[1] : 0);
    if (veiled) {
      const words = "The mean frontiers of the two agents. Commit to a guess, or move any control, to see one run of each and the areas.";
      return { sentence: words, truth: ratio };
    }

    const lead = shares[0] >= shares[1] ? 0 : 1, times = shares[lead] / shares[1 - lead];
    const deeper = sides[0].mean[n] <= sides[1].mean[n] ? 0 : 1;
    const same = Math.abs(sides[0].mean[n] - sides[1].mean[n]) < 0.005 * (f0 - sides[0].mean[n]);
    const gain = (side) => formatNumber(f0 - side.mean[n], 4);
    let sentence = `In ${n} experiments the first agent’s gain area is ${areaText(shares[0])} ± ${areaText(sides[0].std)} on average and ${areaText(sides[0].area)} in this run; `
      + `the second’s is ${areaText(shares[1])} ± ${areaText(sides[1].std)} and ${areaText(sides[1].area)}. `;
    if (times < 1.005) sentence += "On average the areas are equal";
    else sentence += `On average the ${PROGRAMS[lead]} has ${formatNumber(times, 2)} times the area of the ${PROGRAMS[1 - lead]}`;
    if (same) sentence += `, and both end equally deep: they gain ${gain(sides[0])} bits per byte.`;
    else sentence += `, ${deeper === lead || times < 1.005 ? "and" : "although"} the ${PROGRAMS[deeper]} ends deeper: a gain of ${gain(sides[deeper])} bits per byte against ${gain(sides[1 - deeper])}.`;
    if (Math.min(sides[0].mean[n], sides[1].mean[n]) < 0) sentence += " A mean below 0 is a loss that cannot be: these parameters have left the model's world.";
    return { sentence, truth: ratio };
  };
});

// Both areas on one scale: the expectation as a bar, one standard deviation as a line across its
// end, this run as a dot.
function drawAreas(chart, sides, veiled, guessed) {
  const shown = Math.min(guessed, 5 * sides[0].expected), most = Math.max(shown, ...sides.map((side) => Math.max(side.expected + side.std, side.area)));
  const ticks = niceTicks(0, most * 1.02, 5);
  chart.frame({ x: [0, most * 1.04], y: [0.4, 2.6], xTicks: ticks, yTicks: [1, 2], yFormat: (row) => PROGRAMS[2 - row] });
  sides.forEach((side, i) => {
    const name = PROGRAMS[i], row = 2 - i, colour = "arbook-" + name;
    if (veiled) return chart.hide("bar " + name, "deviation " + name, "dot " + name);
    chart.band("bar " + name, [0, side.expected], [row - 0.32, row - 0.32], [row + 0.32, row + 0.32], `arbook-band ${colour}`);
    chart.line("deviation " + name, [Math.max(0, side.expected - side.std), side.expected + side.std], [row, row], `arbook-line ${colour}`);
    chart.dots("dot " + name, [side.area], [row], `arbook-dot ${colour}`, 5.5);
  });
  chart.hide("guess", "guess words");
  if (shown) {
    chart.dots("guess", [shown], [2], "arbook-dot arbook-guess-dot", 5);
    chart.text("guess words", shown, 2, "your guess", "arbook-label", { dx: shown > most / 2 ? -10 : 10, dy: 5, anchor: shown > most / 2 ? "end" : "start" });
  }
  if (!veiled) return chart.hide("ask");
  chart.text("ask", most / 2, 1.5, "How large is the first area, how large the second?", "arbook-hint", { anchor: "middle", dy: 5 });
}

// The corners of a step line, so that an area can be drawn below it.
function stairsOf(xs, values) {
  const stairs = { xs: [xs[0]], ys: [values[0]] };
  for (let i = 1; i < xs.length; i++) {
    stairs.xs.push(xs[i], xs[i]);
    stairs.ys.push(values[i - 1], values[i]);
  }
  return stairs;
}

const areaText = (value) => formatNumber(value, 2);

// The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten, so that the axis moves seldom.
function roundDepth(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12].find((m) => m * power >= value * 1.02) * power;
}
