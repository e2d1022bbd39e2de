// k agents a round: what a round keeps and what it gains, against k; and one agent against k with
// the same number of experiments, on the clock of experiments and on that of rounds.
import { anyKeepProbability } from "./model/best_of.js";
import { normals } from "./model/draws.js";
import { expectedImprovement, keepProbability } from "./model/laws.js";
import { expectedRoundFrontiers, roundDecay, simulateRounds } from "./model/rounds.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedFrontiers } from "./model/totals.js";
import { speedUp } from "./model/worth.js";
import { formatNumber } from "./svg.js";
import { explorer } from "./panel.js";

const AGENTS = Array.from({ length: 30 }, (_, i) => i + 1);
const MOST = 300; // experiments

export default explorer((panel) => {
  const low = (width) => Math.min(185, Math.max(150, width * 0.6)), high = (width) => Math.min(220, Math.max(180, width * 0.66));
  const keeps = panel.chart({ xLabel: "agents k", yLabel: "chance of a keep", height: low, left: 38 });
  const gains = panel.chart({ xLabel: "agents k", yLabel: "gain, × one agent", height: low, left: 38 });
  for (const chart of [keeps, gains]) {
    chart.host.classList.add("arbook-half");
    chart.part("line", "path", "arbook-line"); // made first, to lie below the marked dots
    chart.part("each", "path", "arbook-dot");
  }
  const cost = panel.chart({ xLabel: "experiments spent", yLabel: "frontier against cost, bits per byte", height: high });
  const time = panel.chart({ xLabel: "rounds", yLabel: "the same against time", height: high });
  panel.legend([
    ["arbook-line arbook-first", "one agent"],
    ["arbook-line arbook-second", "k agents"],
    ["arbook-line arbook-key-ink arbook-thin", "one run of each"],
  ]);
  const row = panel.element("div", "arbook-switch-row");
  panel.figure.before(row);
  const toggle = panel.button("Both shrink their steps alike, experiment for experiment", () => panel.set({ fair: 1 - panel.state().fair }), { parent: row });
  toggle.setAttribute("role", "switch");
  toggle.classList.add("arbook-switch");

  let known = { key: "" }, luck = { seed: null };

  return (state) => {
    const { k, n, seed, veiled } = state, f0 = 1, team = state.fair ? roundDecay(state, k) : state, rounds = Math.floor(n / k);
    toggle.setAttribute("aria-checked", String(state.fair === 1));
    const prob = keepProbability(state, 0), any = anyKeepProbability(prob, k);
    const key = [state.sigma0, state.gamma, state.mu].join(); // what k and n leave as it is
    if (known.key !== key) known = { key, times: AGENTS.map((j) => speedUp(state, j).perRound) };
    const times = known.times, gain = times[k - 1];
    if (luck.seed !== seed) luck = { seed, alone: normals(seed, 1, MOST), team: normals(seed, MOST, AGENTS.length, 1) };

    keeps.frame({ x: [0, 30], y: [0, 1], xTicks: [1, 10, 20, 30], yTicks: [0, 0.5, 1] });
    drawAgainstAgents(keeps, AGENTS.map((j) => anyKeepProbability(prob, j)), k, formatNumber(any, any > 0.995 ? 4 : 3));
    const { start } = panel.spec, atStart = Object.keys(start).every((name) => state[name] === start[name]);
    const guessed = state.guess && atStart ? Math.min(state.guess.value, 30) : 0;
    const most = Math.ceil(1.15 * Math.max(4.3, times[29], guessed));
    gains.frame({ x: [0, 30], y: [0, most], xTicks: [1, 10, 20, 30] });
    gains.line("ideal", [0, Math.min(30, most)], [0, Math.min(30, most)], "arbook-line arbook-thin arbook-dashed arbook-key-ink");
    gains.hide("ask");
    drawAgainstAgents(gains, times, k, "× " + formatNumber(gain, 2), veiled);
    gains.hide("guess", "guess words");
    if (guessed) {
      gains.dots("guess", [k], [guessed], "arbook-dot arbook-guess-dot", 5);
      gains.text("guess words", k, guessed, "your guess", "arbook-label", { dx: 10, dy: 16 });
    }
    if (veiled) gains.text("ask", 17, most / 2, k + " agents: × ?", "arbook-hint", { anchor: "middle" });
    gains.text("ideal words", Math.min(29, most), most, "k times", "arbook-soft", most > 20 ? { dx: -36, dy: 12, anchor: "end" } : { dx: 6, dy: 12 });

    const xs = Array.from({ length: n + 1 }, (_, t) => t), alone = expectedFrontiers(state, n, f0);
    const run = simulatePaths(state, n, luck.alone, 1, f0);
    const together = expectedRoundFrontiers(team, rounds, k, f0), at = xs.slice(0, rounds + 1);
    const runTogether = simulateRounds(team, rounds, k, luck.team, f0, AGENTS.length);
    const deepest = Math.min(alone[n], run[n], together[rounds], runTogether[rounds]);
    const bottom = f0 - roundGain(f0 - (veiled ? Math.min(alone[n], run[n]) : deepest));
    for (const [chart, each] of [[cost, k], [time, 1]]) {
      chart.frame({ x: [0, n], y: [bottom, f0] });
      chart.line("run", xs, run, "arbook-line arbook-first arbook-thin arbook-faint", { step: true });
      if (veiled) chart.hide("run together", "together", "end", "end words");
      else {
        const ticks = at.map((r) => r * each);
        chart.line("run together", ticks, runTogether, "arbook-line arbook-second arbook-thin arbook-faint", { step: true });
        chart.line("together", ticks, together, "arbook-line arbook-second");
        chart.dots("end", [ticks[rounds]], [together[rounds]], "arbook-dot arbook-second", 4.5);
      }
      chart.line("alone", xs, alone, "arbook-line arbook-first");
    }
    if (!veiled) time.text("end words", rounds, together[rounds], `done after ${rounds} rounds`, "arbook-label", { dx: rounds < n / 2 ? 10 : -10, dy: -8, anchor: rounds < n / 2 ? "start" : "end" });

    const value = (v) => formatNumber(v, 4);
    const one = `One agent keeps its first variant with probability ${formatNumber(prob, 3)} and gains ${formatNumber(expectedImprovement(state, 0), 5)} bits per byte with it on average`;
    if (veiled) return { sentence: `${one}. A round of ${k} keeps at least one with probability ${formatNumber(any, 4)}. Commit to a guess, or move any control, to see what it gains.`, truth: gain };
    const last = `; the last of them adds ${formatNumber(100 * (gain - times[k - 2]), 0)}\u00a0% of what one gives alone`;
    const spent = rounds * k, ahead = together[rounds] < alone[spent] ? "the team" : "the single agent";
    const both = ` With ${spent} experiments each, the single agent’s mean frontier is at ${value(alone[spent])} after ${spent} rounds, the team’s at ${value(together[rounds])} after ${rounds}: per experiment ${ahead} is ahead`
      + (state.fair ? ", with equal schedules." : ahead === "the team" ? ", because its steps shrink only once a round." : ".");
    return { sentence: k === 1 ? `${one}. There is no team yet: move k.` : `${one}; a round of ${k} keeps something with probability ${formatNumber(any, 4)} and gains ${formatNumber(gain, 2)} times as much${last}.${both}`, truth: gain };
  };
});

// A quantity at 1 ... 30 agents, with one agent and the team marked.
function drawAgainstAgents(chart, values, k, words, veiled = false) {
  chart.dots("one", [1], [values[0]], "arbook-dot arbook-first", 5);
  if (veiled) return chart.hide("line", "each", "team", "words");
  chart.line("line", AGENTS, values, "arbook-line arbook-thin arbook-key-ink");
  chart.dots("each", AGENTS.slice(1), values.slice(1), "arbook-dot arbook-many arbook-small", 2);
  chart.dots("one", [1], [values[0]], "arbook-dot arbook-first", 5);
  chart.dots("team", [k], [values[k - 1]], "arbook-dot arbook-second", 6);
  const far = k > 22; // below the curve there is room
  return chart.text("words", k, values[k - 1], words, "arbook-label", { dx: far ? 12 : 6, dy: far ? 30 : 24, anchor: far ? "end" : "start" });
}

function roundGain(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12].find((m) => m * power >= value * 1.02) * power;
}
