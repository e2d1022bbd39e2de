// k agents a round: what a round keeps and what it gains, against k; and one agent against k with
// the same number of experiments, on the clock of experiments and on that of rounds.
import { anyKeepProbability } from "./model/best_of.js";
import { normals } from "./model/draws.js";
import { expectedImprovement, keepProbability } from "./model/laws.js";
import { expectedRoundFrontiers, roundDecay, simulateRounds } from "./model/rounds.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedFrontiers } from "./model/totals.js";
import { speedUp } from "./model/worth.js";
import { formatNumber, latest, perCent, range, roundUp } from "./numbers.js";
import { explorer } from "./panel.js";

const AGENTS = range(30).map((i) => i + 1);
const MOST = 300; // experiments

export default explorer((panel) => {
  const low = (width) => Math.min(185, Math.max(150, width * 0.6));
  const high = (width) => Math.min(220, Math.max(180, width * 0.66));
  const keeps = panel.chart({ xLabel: "agents k", yLabel: "chance of a keep", height: low, left: 38 });
  const gains = panel.chart({ xLabel: "agents k", yLabel: "gain, × one agent", height: low, left: 38 });
  for (const chart of [keeps, gains]) {
    chart.host.classList.add("arbook-half");
    chart.part("line", "path", "arbook-line"); // made first, to lie below the marked dots
    chart.part("each", "path", "arbook-dot");
  }
  const against = "frontier against cost, bits per byte";
  const cost = panel.chart({ xLabel: "experiments spent", yLabel: against, height: high });
  const time = panel.chart({ xLabel: "rounds", yLabel: "the same against time", height: high });
  panel.legend([
    ["arbook-line arbook-first", "one agent"],
    ["arbook-line arbook-second", "k agents"],
    ["arbook-line arbook-key-ink arbook-thin", "one run of each"],
  ]);
  panel.time({ last: ({ n }) => n, show(t) { for (const chart of [cost, time]) chart.uncover(t ?? undefined); } });
  panel.toggle("Both shrink their steps alike, experiment for experiment", "fair");
  const timesOf = latest((sigma0, gamma, mu) => AGENTS.map((j) => speedUp({ sigma0, gamma, mu }, j).perRound));
  const luckOf = latest((seed) => ({ alone: normals(seed, 1, MOST), team: normals(seed, MOST, AGENTS.length, 1) }));

  return (state) => {
    const { sigma0, gamma, mu, k, n, veiled } = state, f0 = 1, p = { sigma0, gamma, mu }, rounds = Math.floor(n / k);
    const team = state.fair ? roundDecay(p, k) : p, prob = keepProbability(p, 0), any = anyKeepProbability(prob, k);
    const times = timesOf(sigma0, gamma, mu), gain = times[k - 1], luck = luckOf(state.seed);

    keeps.frame({ x: [0, 30], y: [0, 1], xTicks: [1, 10, 20, 30], yTicks: [0, 0.5, 1] });
    drawAgainstAgents(keeps, AGENTS.map((j) => anyKeepProbability(prob, j)), k, formatNumber(any, any > 0.995 ? 4 : 3));
    const guessed = state.guess && panel.atStart() ? Math.min(state.guess.value, 30) : 0;
    const most = Math.ceil(1.15 * Math.max(4.3, times[29], guessed)), ideal = [0, Math.min(30, most)];
    gains.frame({ x: [0, 30], y: [0, most], xTicks: [1, 10, 20, 30] });
    gains.line("ideal", ideal, ideal, "arbook-line arbook-thin arbook-dashed arbook-key-ink");
    gains.hide("ask", "guess", "guess words");
    drawAgainstAgents(gains, times, k, `× ${formatNumber(gain, 2)}`, veiled);
    if (guessed) gains.guess(k, guessed, 10, 16);
    if (veiled) gains.ask(17, most / 2, `${k} agents: × ?`);
    const beside = most > 20 ? { dx: -36, dy: 12, anchor: "end" } : { dx: 6, dy: 12 };
    gains.text("ideal words", Math.min(29, most), most, "k times", "arbook-soft", beside);

    const xs = range(n + 1), alone = expectedFrontiers(p, n, f0), run = simulatePaths(p, n, luck.alone, 1, f0);
    const together = expectedRoundFrontiers(team, rounds, k, f0), at = range(rounds + 1);
    const runTogether = simulateRounds(team, rounds, k, luck.team, f0, AGENTS.length);
    const deepest = Math.min(alone[n], run[n], together[rounds], runTogether[rounds]);
    const gained = f0 - (veiled ? Math.min(alone[n], run[n]) : deepest);
    const bottom = f0 - roundUp(Math.max(gained, 1e-9), 1.02);
    for (const [chart, each] of [[cost, k], [time, 1]]) {
      chart.frame({ x: [0, n], y: [bottom, f0] });
      chart.line("run", xs, run, "arbook-line arbook-first arbook-thin arbook-faint", { step: true });
      if (veiled) chart.hide("run together", "together", "end", "end words");
      else {
        const ticks = at.map((r) => r * each), look = "arbook-line arbook-second arbook-thin arbook-faint";
        chart.line("run together", ticks, runTogether, look, { step: true });
        chart.line("together", ticks, together, "arbook-line arbook-second");
        chart.dots("end", [ticks[rounds]], [together[rounds]], "arbook-dot arbook-second", 4.5);
      }
      chart.line("alone", xs, alone, "arbook-line arbook-first");
    }
    if (!veiled) {
      const place = rounds < n / 2 ? { dx: 10, dy: -8, anchor: "start" } : { dx: -10, dy: -8, anchor: "end" };
      time.text("end words", rounds, together[rounds], `done after ${rounds} rounds`, "arbook-label", place);
    }

    const value = (v) => formatNumber(v, 4);
    const one = `One agent keeps its first variant with probability ${formatNumber(prob, 3)} and gains `
      + `${formatNumber(expectedImprovement(p, 0), 5)} bits per byte with it on average`;
    if (veiled) {
      const open = `${one}. A round of ${k} keeps at least one with probability ${value(any)}. `
        + "Commit to a guess, or move any control, to see what it gains.";
      return { sentence: open, truth: gain };
    }
    if (k === 1) return { sentence: `${one}. There is no team yet: move k.`, truth: gain };
    const spent = rounds * k, ahead = together[rounds] < alone[spent] ? "the team" : "the single agent";
    const shrinks = ahead === "the team" ? ", because its steps shrink only once a round" : "";
    const why = state.fair ? ", with equal schedules" : shrinks;
    const sentence = `${one}; a round of ${k} keeps something with probability ${value(any)} and gains `
      + `${formatNumber(gain, 2)} times as much; the last of them adds ${perCent(gain - times[k - 2])} of what one `
      + `gives alone. With ${spent} experiments each, the single agent’s mean frontier is at ${value(alone[spent])} `
      + `after ${spent} rounds, the team’s at ${value(together[rounds])} after ${rounds}: `
      + `per experiment ${ahead} is ahead${why}.`;
    return { sentence, truth: gain };
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
  const place = k > 22 ? { dx: 12, dy: 30, anchor: "end" } : { dx: 6, dy: 24 }; // below the curve there is room
  return chart.text("words", k, values[k - 1], words, "arbook-label", place);
}
