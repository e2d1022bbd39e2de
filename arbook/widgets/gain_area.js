// Two agents side by side: the frontier of one run each with the area between it and the
// baseline, and below them both areas as numbers on one scale.
import { normals } from "./model/draws.js";
import { gainArea } from "./model/measures.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedFrontiers, expectedGainArea, gainAreaStd } from "./model/totals.js";
import { rangeOf, whereIs } from "./inverse.js";
import { formatNumber, range, rounded, roundUp } from "./numbers.js";
import { niceTicks } from "./ticks.js";
import { explorer } from "./panel.js";

const PROGRAMS = ["first", "second"];
const OF_RUN = "this run: "; // before the area that is not the expected one

export default explorer((panel) => {
  const height = (width) => Math.min(270, Math.max(190, width * 0.72));
  const charts = PROGRAMS.map((name) => {
    return panel.chart({ xLabel: "experiments", yLabel: `${name} agent: frontier, bits per byte`, height });
  });
  const scale = panel.chart({
    xLabel: "bits per byte × experiments",
    yLabel: "gain areas: expected (bar), ± one standard deviation (line), this run (dot)", left: 100, height: 122,
  });
  panel.legend([
    ["arbook-line arbook-key-ink", "one run, both with the same luck"],
    ["arbook-line arbook-key-ink arbook-dashed arbook-thin", "mean of all runs"],
    ["arbook-band arbook-key-ink", "gain area of the run"],
  ]);
  for (const chart of charts) { chart.ghosts("mean"); chart.timeless("number"); }
  // as time runs the areas fill, and the numbers count
  let filled = (/** @type {number | null} */ _t) => {};
  panel.time({ last: ({ n }) => n, show: (t) => filled(t) });

  return (state) => {
    const { n, seed, veiled } = state, f0 = 1, z = normals(seed, 1, n), xs = range(n + 1);
    const sides = PROGRAMS.map((name) => {
      const p = { sigma0: state[`sigma0_${name}`], gamma: state[`gamma_${name}`], mu: state[`mu_${name}`] };
      const run = simulatePaths(p, n, z, 1, f0), mean = expectedFrontiers(p, n, f0);
      return { p, run, mean, area: gainArea(run, f0), expected: expectedGainArea(p, n), std: gainAreaStd(p, n) };
    });
    const depth = roundUp(f0 - Math.min(...sides.flatMap((side) => [side.run[n], side.mean[n]])), 1.02);
    charts.forEach((chart, i) => {
      const { p, run, mean, area } = sides[i], colour = `arbook-${PROGRAMS[i]}`;
      chart.frame({ x: [0, n], y: [f0 - depth, f0], xTicks: niceTicks(0, n, 4), steady: true });
      chart.line("mean", xs, mean, `arbook-line arbook-thin arbook-dashed ${colour}`);
      chart.hide("area", "run", "words", "number");
      if (veiled) return;
      const stairs = range(2 * n + 1).map((i) => run[Math.floor(i / 2)]); // the corners of the step line
      const ts = range(2 * n + 1).map((i) => Math.ceil(i / 2));
      chart.band("area", ts, stairs, stairs.map(() => f0), `arbook-band ${colour}`);
      chart.line("run", xs, run, `arbook-line ${colour}`, { step: true });
      const dy = 0.2 * (chart.box.bottom - chart.box.top), name = `sigma0_${PROGRAMS[i]}`;
      chart.text("number", n, f0, OF_RUN + areaText(area), "arbook-label", { dx: -10, dy, anchor: "end" });
      const { low, high } = rangeOf(panel, name);
      chart.grip("end", n, mean[n], (_, y) => {
        const gain = (sigma0) => f0 - expectedFrontiers({ ...p, sigma0 }, n, f0)[n];
        panel.set({ [name]: rounded(whereIs(gain, f0 - y, low, high)) });
      }, colour);
    });
    const shares = sides.map((side) => side.expected), ratio = shares[0] / shares[1];
    const guess = panel.atStart() ? state.guess?.value ?? state.offer : 0, asked = guess * shares[1];
    drawAreas(scale, sides, veiled, asked);
    let drawn = n + 1;
    filled = (t) => {
      for (const chart of charts) chart.uncover(t ?? undefined);
      const now = t === null ? n + 1 : Math.floor(t); // the areas change from one experiment to the next
      if (now === drawn) return;
      drawn = now;
      if (veiled) return;
      const until = sides.map((side) => (t === null ? side.area : gainArea(side.run.slice(0, now + 1), f0)));
      charts.forEach((chart, i) => {
        chart.part("number", "text", "arbook-label").textContent = OF_RUN + areaText(until[i]);
        drawRun(scale, i, until[i]);
      });
    };
    const open = "The mean frontiers of the two agents. "
      + "Commit to a guess, or move any control, to see one run of each and the areas.";
    return { sentence: veiled ? open : saidOfAreas(sides, n, f0), truth: ratio };
  };
});

// Both areas on one scale: the expectation as a bar, one standard deviation as a line across its
// end, this run as a dot.
function drawAreas(chart, sides, veiled, guessed) {
  const shown = Math.min(guessed, 5 * sides[0].expected);
  const most = Math.max(shown, ...sides.map((side) => Math.max(side.expected + side.std, side.area)));
  const xTicks = niceTicks(0, most * 1.02, 5), expected = sides.map((side) => (veiled ? "" : areaText(side.expected)));
  const yFormat = (row) => `${PROGRAMS[2 - row]} ${expected[2 - row]}`.trim();
  chart.frame({ x: [0, most * 1.04], y: [0.4, 2.6], xTicks, yTicks: [1, 2], yFormat });
  sides.forEach(({ expected, std, area }, i) => {
    const name = PROGRAMS[i], row = 2 - i, colour = `arbook-${name}`;
    chart.hide(`bar ${name}`, `deviation ${name}`, `dot ${name}`);
    if (veiled) return;
    chart.bar(`bar ${name}`, 0, expected, row, 0.32, `arbook-band ${colour}`);
    chart.line(`deviation ${name}`, [Math.max(0, expected - std), expected + std], [row, row], `arbook-line ${colour}`);
    drawRun(chart, i, area);
  });
  chart.hide("guess", "guess words", "ask", "times");
  const { lead, times } = leadOf(sides);
  if (!veiled && times >= 1.005) {
    const look = `arbook-figure-number arbook-${PROGRAMS[lead]}`;
    chart.text("times", 0, 2 - lead, `× ${formatNumber(times, 2)}`, look, { dx: 8, dy: 7 });
  }
  if (shown) chart.guess(shown, 2, shown > most / 2 ? -10 : 10, 18);
  if (veiled) chart.ask(most / 2, 1.5, "How large is the first area, how large the second?", 5);
}

// The area of this run, alone: while time runs nothing else of the scale moves.
function drawRun(chart, i, area) {
  chart.dots(`dot ${PROGRAMS[i]}`, [area], [2 - i], `arbook-dot arbook-${PROGRAMS[i]}`, 5.5);
}

function saidOfAreas(sides, n, f0) {
  const [first, second] = sides, both = (side) => `${areaText(side.expected)} ± ${areaText(side.std)}`;
  const { lead, times } = leadOf(sides);
  const deeper = first.mean[n] <= second.mean[n] ? 0 : 1, gain = (which) => formatNumber(f0 - sides[which].mean[n], 4);
  const same = Math.abs(first.mean[n] - second.mean[n]) < 0.005 * (f0 - first.mean[n]);
  let words = `In ${n} experiments the first agent’s gain area is ${both(first)} on average and `
    + `${areaText(first.area)} in this run; the second’s is ${both(second)} and ${areaText(second.area)}. `
    + "On average the ";
  if (times < 1.005) words += "areas are equal";
  else words += `${PROGRAMS[lead]} has ${formatNumber(times, 2)} times the area of the ${PROGRAMS[1 - lead]}`;
  if (same) words += `, and both end equally deep: they gain ${gain(0)} bits per byte.`;
  else {
    words += `, ${deeper === lead || times < 1.005 ? "and" : "although"} the ${PROGRAMS[deeper]} ends deeper: `
      + `a gain of ${gain(deeper)} bits per byte against ${gain(1 - deeper)}.`;
  }
  if (Math.min(first.mean[n], second.mean[n]) >= 0) return words;
  return `${words} A mean below 0 is a loss that cannot be: these parameters have left the model’s world.`;
}

// Which agent has the larger area on average, and how many times the other's.
function leadOf([first, second]) {
  const ratio = first.expected / second.expected;
  return ratio >= 1 ? { lead: 0, times: ratio } : { lead: 1, times: 1 / ratio };
}

const areaText = (value) => formatNumber(value, 2);
