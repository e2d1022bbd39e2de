// What an archive gains against the loop that keeps one: over a night, and for every size.
import { archiveRate, simulateArchive } from "./model/archives.js";
import { normals, uniforms } from "./model/draws.js";
import { standardError } from "./model/simulation.js";
import { formatNumber, latest, range } from "./numbers.js";
import { explorer } from "./panel.js";

const KNOWN = 3; // standard errors from which on a gain is told from nothing

export default explorer((panel) => {
  const { runs, most, longest } = panel.data, sizes = range(most).map((i) => i + 1), law = sizes.map(archiveRate);
  const height = (width) => Math.min(300, Math.max(200, width * 0.75));
  const night = panel.chart({ xLabel: "experiments", yLabel: "mean true gain, bits per byte", height, left: 52 });
  const all = panel.chart({ xLabel: "members Q", yLabel: "gain after the night, bits per byte", height, left: 52 });
  for (const chart of [night, all]) chart.host.classList.add("arbook-half");
  night.ghosts("archive");
  all.ghosts("gains");
  night.layers("between", "one", "archive");
  all.layers("even", "law", "gains", "point");
  panel.time({ last: ({ n }) => n, show: (t) => night.uncover(t ?? undefined) });
  panel.legend([
    ["arbook-line arbook-first", "keep one"],
    ["arbook-line arbook-second", "archive: drag its size"],
    ["arbook-line arbook-thin arbook-dashed arbook-key-ink", "law, rare keeps and no noise"],
  ]);
  const wide = longest + 1; // the baseline is measured, too
  const luckOf = latest((seed) => ({
    parent: uniforms(seed, runs, wide), variant: normals(seed, runs, wide, 1), measured: normals(seed, runs, wide, 2),
  }));

  // What every run gains in the end, for every size; and the mean gain after each experiment, for one.
  const endsOf = latest((seed, noise, mu, sigma0, gamma, n) => {
    const scratch = new Float64Array(runs * (n + 1));
    return sizes.map((size) => {
      const found = simulateArchive({ sigma0, gamma, mu }, n, size, luckOf(seed), wide, runs, noise, scratch);
      return range(runs).map((r) => -found[r * (n + 1) + n]);
    });
  });
  const [meanOfOne, meanOf] = range(2).map(() => latest((size, seed, noise, mu, sigma0, gamma, n) => {
    const found = simulateArchive({ sigma0, gamma, mu }, n, size, luckOf(seed), wide, runs, noise);
    const mean = new Float64Array(n + 1);
    for (let r = 0, o = 0; r < runs; r++) for (let t = 0; t <= n; t++) mean[t] -= found[o++] / runs;
    return mean;
  }));

  const meanEnd = (ends) => ends.reduce((sum, end) => sum + end) / runs;

  return (state) => {
    const { seed, noise, mu, sigma0, gamma, n, size, veiled } = state, ts = range(n + 1);
    const given = [seed, noise, mu, sigma0, gamma, n], made = endsOf(...given), one = made[0], archive = made[size - 1];
    const ends = made.map(meanEnd), [gained] = ends, gain = ends[size - 1], times = gain / gained;
    const known = gained > KNOWN * standardError(one); // else a ratio says nothing
    const alone = meanOfOne(1, ...given);

    const told = veiled ? [gained, 1.5 * gained] : ends; // the frame does not say which of them is ahead
    const y = [1.05 * Math.min(0, ...told), 1.12 * Math.max(...told, sigma0 / 20)];
    night.frame({ x: [0, n], y });
    night.line("one", ts, alone, "arbook-line arbook-first");
    all.frame({ x: [1, most], y, xTicks: [1, 4, 8, 12] });
    all.rule("even", { y: gained }, "arbook-line arbook-first");
    all.line("law", sizes, law.map((rate) => rate * gained), "arbook-line arbook-thin arbook-dashed arbook-key-ink");
    const four = (v) => formatNumber(v, 4);
    const whole = `In ${n} experiments the loop that keeps one gains ${four(gained)} bits per byte`;
    if (veiled) {
      night.hide("archive", "between", "times");
      all.hide("gains", "point", "guess", "guess words");
      night.ask(0.4 * n, 1.4 * gained, `An archive of ${size}: where?`);
      all.ask(7, 1.4 * gained, "after your guess");
      return { truth: times, sentence: `${whole}, the mean of ${runs} runs. `
        + `Commit to a guess, or move any control, to see what an archive of ${size} gains.` };
    }
    night.hide("ask");
    all.hide("ask");
    const kept = meanOf(size, ...given);
    night.band("between", ts, alone, kept, "arbook-band arbook-second");
    night.line("archive", ts, kept, "arbook-line arbook-second");
    const label = { anchor: "end", dx: -4, dy: times < 1 ? 18 : -8 };
    night.text("times", n, gain, known ? `× ${formatNumber(times, 2)}` : "", "arbook-label arbook-second", label);
    all.line("gains", sizes, ends, "arbook-line arbook-second");
    all.grip("point", size, gain, (x) => panel.set({ size: Math.min(Math.max(Math.round(x), 1), most) }));
    const asked = panel.atStart() && state.guess;
    if (asked) {
      const at = Math.min(Math.max(asked.value * gained, 0), y[1]);
      all.guessOff(size, at, ["even", "law", "gains", "handle point"]);
    } else all.hide("guess", "guess words");

    // The same luck in both, so that the error is that of the differences.
    const error = standardError(archive.map((end, r) => end - times * one[r])) / gained;
    const best = ends.indexOf(Math.max(...ends)) + 1;
    const winner = best === 1 ? "no archive gains more" : `most is gained by ${best} members`;
    if (size === 1) {
      return { sentence: `${whole}, the mean of ${runs} runs; ${winner}. Drag Q to keep more than one.`, truth: 1 };
    }
    const ratio = known
      ? `: ${formatNumber(times, 2)} times as much (± ${formatNumber(error, 2)}, `
        + `means of ${runs} runs with the same luck)`
      : `, means of ${runs} runs, too few to tell the first from nothing`;
    const sentence = `${whole}, and an archive of ${size} gains ${four(gain)}${ratio}; ${winner}. `
      + `Without noise and with rare keeps the law gives ${formatNumber(law[size - 1], 2)}.`;
    return { sentence, truth: times };
  };
});
