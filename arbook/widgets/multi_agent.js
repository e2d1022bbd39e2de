// One round of k agents: k throws at the same script, the best kept, and what the best of k gains on average.
import { anyKeepProbability, expectedBestImprovement } from "./model/best_of.js";
import { normals } from "./model/draws.js";
import { expectedImprovement, keepProbability } from "./model/laws.js";
import { simulateRounds } from "./model/rounds.js";
import { aside, clear } from "./marks.js";
import { formatNumber, latest, perCent, range } from "./numbers.js";
import { explorer } from "./panel.js";

const MOST = 30; // agents
const AGENTS = range(MOST).map((i) => i + 1);
const ROUNDS = 40; // that play one after another
const IDEAL = 12; // agents up to which the frame has room for k times the gain of one

const TIMES = -14, NAME = 26; // pixels from the point, and from the end of the curve, down to its words
const BOTH = 250; // pixels of words beside the point, with those of the curve

const within = (/** @type {number} */ x) => Math.min(Math.max(Math.round(x), 1), MOST);

export default explorer((panel) => {
  const chart = panel.chart({ xLabel: "agents", yLabel: "improvement by a variant, bits per byte" });
  chart.layers("nothing", "round", "ideal", "best", "lost", "won", "mean", "kept");
  panel.legend([
    ["arbook-dot arbook-first", "better than the script"],
    ["arbook-dot arbook-many", "worse"],
    ["arbook-dot arbook-second", "best of the round, kept"],
    ["arbook-band arbook-many", "the round"],
  ]);
  const luckOf = latest((seed) => normals(seed, ROUNDS, MOST, 1));
  let played = /** @type {number | null} */ (null), drawn = -1, redraw = () => {};
  panel.time({ last: () => ROUNDS, seconds: 16, smooth: false, show(t) { played = t; redraw(); } });
  chart.onPoint((x, y) => {
    const { veiled, sigma0, mu } = panel.state();
    if (!veiled) panel.set({ k: within(x) });
    else panel.fill(Math.max(y, 0) / expectedImprovement({ sigma0, gamma: 1, mu }, 0));
  });

  return (state) => {
    const { sigma0, mu, k, veiled, seed } = state, p = { sigma0, gamma: 1, mu }, luck = luckOf(seed);
    const prob = keepProbability(p, 0), any = anyKeepProbability(prob, k), one = expectedImprovement(p, 0);
    const means = AGENTS.map((j) => expectedBestImprovement(p, 0, j)), gain = means[k - 1] / one;
    const kept = simulateRounds(p, ROUNDS, k, luck, 0, MOST);
    const gains = range(ROUNDS).map((r) => kept[r] - kept[r + 1]); // nothing where all throws are worse

    const largest = luck.reduce((most, z) => Math.max(most, -mu - sigma0 * z), IDEAL * one);
    const least = luck.reduce((low, z) => Math.min(low, -mu - sigma0 * z), 0);
    chart.frame({ x: [0, MOST + 1], y: [1.04 * least, 1.06 * largest], xTicks: [1, 5, 10, 15, 20, 25, 30] });
    chart.rule("nothing", { y: 0 }, "arbook-line arbook-rule");
    chart.band("round", [0, k + 0.5], [1.04 * least, 1.04 * least], Array(2).fill(1.06 * largest),
      "arbook-band arbook-many");
    drawGuess();
    if (veiled) {
      chart.hide("ideal", "ideal words", "best", "best words", "times");
      chart.ask(0.72 * MOST, 0.86 * largest, "Where is the best, on average? Draw it.");
    } else {
      chart.hide("ask");
      const ideal = [0, Math.min(MOST, (1.06 * largest) / one)];
      chart.line("ideal", ideal, ideal.map((j) => j * one), "arbook-line arbook-thin arbook-dashed arbook-key-ink");
      chart.text("ideal words", ideal[1], ideal[1] * one, "k times one", "arbook-soft",
        { ...aside(chart, ideal[1], 10), dy: 14 });
      chart.line("best", AGENTS, means, "arbook-line arbook-third");
      chart.text("best words", MOST, means[MOST - 1], "mean best of k", "arbook-label arbook-third",
        { anchor: "end", dy: NAME });
      chart.grip("k", k, means[k - 1], (x) => panel.set({ k: within(x) }), "arbook-third");
      const down = chart.y(means[k - 1]), times = besideName(down + TIMES, -1) - down;
      chart.text("times", k, means[k - 1], `${formatNumber(gain, 2)} × one agent`, "arbook-label arbook-third",
        { ...aside(chart, k, 10), dy: times });
    }
    drawn = -1;
    redraw = drawRound;
    drawRound();

    const value = (v) => formatNumber(v, 5);
    const alone = `One agent keeps its variant with probability ${formatNumber(prob, 3)} and gains `
      + `${value(one)} bits per byte with it on average`;
    const luckily = gains[0] ? `improves by ${value(gains[0])} and is kept`
      : "is worse than the script: nothing is kept";
    if (veiled) {
      const open = `${alone}. A round of ${k} keeps something with probability ${formatNumber(any, 4)}; the best of `
        + `these ${k} ${luckily}. Commit to a guess, or move any control, to see what a round gains on average.`;
      return { sentence: open, truth: gain };
    }
    if (k === 1) return { sentence: `${alone}. There is no team yet: move k.`, truth: gain };
    const sentence = `${alone}; the best of ${k} gains ${formatNumber(gain, 2)} times as much, `
      + `and the last of them adds `
      + `${perCent((means[k - 1] - means[k - 2]) / one)} of what one gives alone. A round of ${k} keeps something `
      + `with probability ${formatNumber(any, 4)}; the best of these ${k} ${luckily}.`;
    return { sentence, truth: gain };

    // The throws of one round; while time runs, the mean of what the rounds so far have kept stands beside the curve.
    function drawRound() {
      const r = Math.min(Math.floor(played ?? 0), ROUNDS - 1);
      if (r === drawn) return;
      drawn = r;
      const throws = range(k).map((agent) => -mu - sigma0 * luck[r * MOST + agent]);
      const at = (test) => AGENTS.slice(0, k).filter((j) => test(throws[j - 1]));
      const won = at((v) => v > 0), lost = at((v) => v <= 0);
      chart.dots("won", won, won.map((j) => throws[j - 1]), "arbook-dot arbook-first", 4);
      chart.dots("lost", lost, lost.map((j) => throws[j - 1]), "arbook-dot arbook-many", 4);
      const best = throws.indexOf(Math.max(...throws));
      if (gains[r]) chart.dots("kept", [best + 1], [throws[best]], "arbook-dot arbook-second", 7);
      else chart.hide("kept");
      chart.text("kept words", best + 1, throws[best], gains[r] ? "kept" : "none is kept", "arbook-label arbook-second",
        { anchor: "middle", dy: -11 });
      if (played === null || veiled) return chart.hide("mean", "mean words");
      const soFar = -kept[r + 1] / (r + 1), down = chart.y(soFar);
      chart.dots("mean", [k], [soFar], "arbook-dot arbook-hollow arbook-ink", 9);
      chart.text("mean words", k, soFar, `mean of ${r + 1}`, "arbook-label",
        { ...aside(chart, k, 14), dy: besideName(down + 22) - down });
    }
    function drawGuess() {
      const guess = veiled ? state.offer : panel.atStart() ? state.guess?.value : null;
      if (guess === null || guess === undefined) return chart.hide("guess", "guess words");
      const y = Math.min(guess * one, largest), at = chart.y(y), times = chart.y(means[k - 1]) + TIMES;
      chart.guess(k, y, 10, (veiled ? at + 4 : besideName(clear(at + 4, times))) - at);
    }
    // How far down words beside the point are written: on a phone those of the curve reach as far as these.
    function besideName(down, way = 1) {
      return chart.x(MOST) - chart.x(k) < BOTH ? clear(down, chart.y(means[MOST - 1]) + NAME, way) : down;
    }
  };
});
