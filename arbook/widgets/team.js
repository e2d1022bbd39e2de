// How many independent agents a team is worth, what its gain costs, and whether its agents should wait.
import { normals } from "./model/draws.js";
import { expectedImprovement } from "./model/laws.js";
import { expectedLongest, relativePrice } from "./model/prices.js";
import { simulateAsync } from "./model/unhurried.js";
import { effectiveAgents, speedUp } from "./model/worth.js";
import { formatNumber } from "./svg.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { runs, most, horizon, each } = panel.data, sizes = Array.from({ length: most }, (_, i) => i + 1);
  const height = (width) => Math.min(210, Math.max(165, width * 0.62));
  const gains = panel.chart({ xLabel: "agents k", yLabel: "gain of a round, × one agent", height, left: 38 });
  const costs = panel.chart({ xLabel: "agents k", yLabel: "price of a gain, × one agent", height, left: 38 });
  for (const chart of [gains, costs]) chart.host.classList.add("arbook-half");
  const clock = panel.chart({ xLabel: "time, in experiments’ mean duration τ", yLabel: "independent agents: mean frontier, bits per byte", height: (width) => Math.min(230, Math.max(180, width * 0.3)) });
  gains.layers("worth", "independent", "team");
  panel.legend([
    ["arbook-line arbook-first", "independent agents; below, one agent"],
    ["arbook-line arbook-second", "correlated agents; below, rounds of k"],
    ["arbook-line arbook-third arbook-dashed", "k agents that do not wait"],
    ["arbook-dot arbook-third", "best team"],
  ]);
  let drawn = { key: "" }, draws = { seed: null };

  // The mean frontier of agents that do not wait, at 0 ... horizon.
  function freeAgents(state, ticks) {
    if (draws.seed !== state.seed) draws = { seed: state.seed, z: normals(state.seed, runs, each * most), u: normals(state.seed, runs, each * most, 1) };
    const p = { ...state, gamma: 1 }, n = each * state.k, { variation } = state, sums = new Float64Array(ticks.length);
    for (let run = 0; run < runs; run++) {
      const from = run * each * most, u = draws.u.subarray(from, from + n);
      const { frontier, time } = simulateAsync(p, n, state.k, draws.z.subarray(from, from + n), { variation, u });
      for (let i = 0, j = 0; i < ticks.length; i++) {
        while (j < n && time[j + 1] <= ticks[i]) j++;
        sums[i] += frontier[j] / runs;
      }
    }
    return sums;
  }

  return (state) => {
    const { k, correlation, waiting, variation, veiled } = state, p = { ...state, gamma: 1 }, options = { correlation, variation };
    const alone = sizes.map((j) => speedUp(p, j).perRound), team = correlation ? sizes.map((j) => speedUp(p, j, 0, correlation).perRound) : alone;
    const worth = effectiveAgents(p, k, correlation), prices = sizes.map((j) => relativePrice(p, j, waiting, options));
    const best = prices.indexOf(Math.min(...prices)) + 1, gain = team[k - 1], lasts = expectedLongest(k, variation);
    const asked = panel.atStart() && state.guess ? Math.min(state.guess.value, most) : 0;

    gains.frame({ x: [0, most], y: [0, Math.max(4.3, 1.1 * alone[most - 1])], xTicks: [1, 10, 20, 30] });
    gains.line("independent", sizes, alone, "arbook-line arbook-first");
    gains.hide("team", "point", "worth", "words", "guess", "guess words", "ask");
    costs.frame({ x: [0, most], y: [0, 2], xTicks: [1, 10, 20, 30], yTicks: [0, 0.5, 1, 1.5, 2] });
    costs.rule("even", { y: 1 }, "arbook-line arbook-rule arbook-dashed");
    costs.hide("prices", "best", "point", "ask");
    if (veiled) {
      gains.text("ask", 29, alone[most - 1] / 4, `${k} agents, ρ\u00a0=\u00a0${formatNumber(correlation, 2)}: where?`, "arbook-hint", { anchor: "end" });
      costs.text("ask", 15, 0.5, "after your guess", "arbook-hint", { anchor: "middle" });
    } else {
      gains.line("team", sizes, team, "arbook-line arbook-second");
      gains.line("worth", [worth, k], [gain, gain], "arbook-line arbook-thin arbook-dashed arbook-key-ink");
      gains.dots("point", [k], [gain], "arbook-dot arbook-second", 6);
      gains.text("words", k, gain, `like ${formatNumber(worth, 2)}`, "arbook-label", { dx: k > 22 ? -6 : 8, dy: 20, anchor: k > 22 ? "end" : "start" });
      if (asked) {
        gains.dots("guess", [asked], [speedUp(p, asked).perRound], "arbook-dot arbook-guess-dot", 5);
        gains.text("guess words", asked, speedUp(p, asked).perRound, "your guess", "arbook-label", { dx: 8, dy: -8, anchor: asked > 20 ? "end" : "start" });
      }
      const shown = sizes.filter((j) => prices[j - 1] <= 2);
      costs.line("prices", shown, shown.map((j) => prices[j - 1]), "arbook-line arbook-second");
      if (prices[k - 1] <= 2) costs.dots("point", [k], [prices[k - 1]], "arbook-dot arbook-second", 6);
      costs.dots("best", [best], [prices[best - 1]], "arbook-dot arbook-third", 5);
    }

    const ticks = Array.from({ length: 97 }, (_, i) => (i * horizon) / 96), key = [k, state.mu, state.sigma0, variation, state.seed].join();
    if (drawn.key !== key) drawn = { key, free: freeAgents(state, ticks) };
    const one = expectedImprovement(p, 0), rate = alone[k - 1] / lasts, free = (1 - drawn.free[96]) / (one * horizon);
    const lines = [["one", "arbook-first", ticks.map((v) => 1 - one * v)], ["rounds", "arbook-second", ticks.map((v) => 1 - one * rate * v)], ["free", "arbook-third arbook-dashed", drawn.free]];
    clock.frame({ x: [0, horizon], y: [Math.min(...lines.map(([, , ys]) => ys[96])) - 0.2 * one, 1] });
    for (const [name, look, ys] of lines) clock.line(name, ticks, ys, `arbook-line ${look}`);

    const two = (v) => formatNumber(v, 2), agents = k === 1 ? "One agent" : `${k} agents`;
    const time = ` A round lasts ${two(lasts)} τ; in the same time independent agents gain ${two(rate)} times as much as one in rounds, and ${two(free)} times if they do not wait (mean of ${runs} runs).`;
    if (veiled) return { sentence: `The upper left picture shows the gain of independent agents, ${two(alone[k - 1])} times one agent’s for ${k}.${time} Commit to a guess, or move any control, to see what correlated agents gain.`, truth: worth };
    const price = `With waiting at ${formatNumber(waiting, waiting < 10 ? 2 : 1)} experiments’ price, a gain costs ${two(prices[k - 1])} of what it costs one agent; the best team has ${best}, at ${two(prices[best - 1])}.`;
    return { sentence: `${agents} with correlation ${two(correlation)} gain ${two(gain)} times as much a round as one, as much as ${two(worth)} independent ones. ${price}${time}`, truth: worth };
  };
});
