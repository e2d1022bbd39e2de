// Frontiers of many simulated runs, one of them highlighted, with the exact mean and 90 % band.
import { frontierQuantiles } from "./model/distributions.js";
import { normals } from "./model/draws.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedFrontiers, frontierStd, noKeepProbability } from "./model/totals.js";
import { whereIs, rangeOf } from "./inverse.js";
import { clear } from "./marks.js";
import { formatNumber, latest, range, rounded, roundUp } from "./numbers.js";
import { makeSketch } from "./sketch.js";
import { explorer } from "./panel.js";

const FRONTIER_LABELS = ["one run", "other runs", "mean", "90 % of all runs"];
const SHOWN_BEFORE_GUESS = 0.15; // share of the run that is drawn while the question is open

export default explorer((panel) => {
  const chart = panel.chart({ xLabel: "experiments", yLabel: "frontier, bits per byte" });
  chart.layers("runs", "band", "mean", "run");
  chart.ghosts("mean");
  panel.time({ last: ({ n }) => n, show: (t) => chart.uncover(t ?? undefined) });
  const drawn = makeSketch(chart, panel);
  const draw = latest((seed, runs, n) => normals(seed, runs, n));

  return (state) => {
    const { n, runs, seed, veiled } = state, f0 = 1, guess = panel.atStart() ? state.guess : null;
    const paths = simulatePaths(state, n, draw(seed, runs, n), runs, f0), mean = expectedFrontiers(state, n, f0);
    const at = [...new Set(range(41).map((i) => 2 * Math.round((i * n) / 80)))]; // even: half the work
    const quantiles = frontierQuantiles(state, at, [0.05, 0.95], f0, 512);
    const low = quantiles.map((row) => row[0]), high = quantiles.map((row) => row[1]);

    const guessed = guess ? Math.max(f0 - guess.value, 3 * mean[n] - 2 * f0) : f0; // a wild guess is cut off
    let deepest = Math.min(low[low.length - 1], guessed);
    for (let run = 0; run < runs; run++) deepest = Math.min(deepest, paths[run * (n + 1) + n]);
    const depth = roundUp(f0 - deepest);
    chart.frame({ x: [0, n], y: [f0 - depth, f0 + 0.03 * depth], steady: true });

    const xs = range(n + 1), first = paths.subarray(0, n + 1);
    if (veiled) {
      const shown = Math.max(2, Math.round(n * SHOWN_BEFORE_GUESS));
      chart.hide("runs", "band", "mean", "gained", "gained words", "label your guess");
      chart.hide(...FRONTIER_LABELS.map((words) => `label ${words}`));
      chart.line("run", xs.slice(0, shown + 1), first, "arbook-line arbook-first", { step: true });
      drawn.show(state, shown, first[shown]);
      chart.ask(n / 2, f0 - 0.12 * depth, "Draw how the mean goes on, or write where it ends.");
      return {
        truth: f0 - mean[n],
        sentence: `The first ${shown} of ${n} experiments of one run. `
          + "Commit to a guess, or move any control, to see the rest.",
      };
    }
    chart.hide("ask");
    chart.lines("runs", xs, paths.subarray(n + 1), "arbook-line arbook-many");
    chart.band("band", at, low, high, "arbook-band arbook-second");
    chart.line("mean", xs, mean, "arbook-line arbook-second");
    chart.line("run", xs, first, "arbook-line arbook-first", { step: true });
    drawn.keep(guess, n);
    const value = (v, digits = 4) => formatNumber(v, digits);
    const ends = quantiles[quantiles.length - 1], [oneRun, others, theMean, most] = FRONTIER_LABELS;
    chart.hide("guess words", "label your guess"); // it stands among the names
    chart.labels(n, [
      ...(guess ? [{ y: f0 - guess.value, words: "your guess", look: "" }] : []),
      { y: mean[n], words: theMean, look: "arbook-second" },
      { y: first[n], words: oneRun, look: "arbook-first" },
      { y: ends[0], words: most, look: "arbook-second" },
    ]);
    chart.line("gained", [n, n], [f0, mean[n]], "arbook-line arbook-second arbook-thin");
    const above = upper(paths, 0.3, n, runs);
    const up = chart.y(above), down = guess ? clear(up - 8, chart.y(f0 - guess.value) - 7) : up - 8;
    chart.text(`label ${others}`, 0.3 * n, above, others, "arbook-label arbook-soft", { dx: 8, dy: down - up });
    const gained = `${value(f0 - mean[n], 3)} gained`;
    const off = [...FRONTIER_LABELS, "your guess"].map((words) => `label ${words}`);
    chart.beside("gained words", n, chart.yInverse(chart.y(f0) + 12), gained, "arbook-label arbook-second", off);
    const { low: least, high: largest } = rangeOf(panel, "sigma0");
    chart.grip("end", n, mean[n], (_, y) => {
      const gain = (sigma0) => f0 - expectedFrontiers({ ...state, sigma0 }, n, f0)[n];
      panel.set({ sigma0: rounded(whereIs(gain, f0 - y, least, largest)) });
    });

    const keeps = range(n).filter((t) => first[t + 1] < first[t]).length, none = noKeepProbability(state, n);
    const gain = `${value(f0 - mean[n])} ± ${value(frontierStd(state, n))}`;
    let sentence = `After ${n} experiments the mean frontier is ${value(mean[n])}: a gain of ${gain} bits per byte. `
      + `90 % of all runs end between ${value(ends[0], 3)} and ${value(ends[1], 3)}. `
      + `The highlighted run ends at ${value(first[n])} after ${keeps} keeps.`;
    if (none >= 0.0005) sentence += ` With probability ${value(none, 3)} a run keeps nothing at all.`;
    if (ends[0] < 0) {
      sentence += " Part of the band is below 0, where no loss can be: these parameters have left the model’s world.";
    }
    return { sentence, truth: f0 - mean[n] };
  };
});

// The highest of the runs at a share of the way.
function upper(paths, share, n, runs) {
  const t = Math.round(share * n);
  return Math.max(...range(runs).map((run) => paths[run * (n + 1) + t]));
}
