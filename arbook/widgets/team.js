// How many independent agents a team is worth, what its gain costs, and whether its agents should wait.
import { normals } from "./model/draws.js";
import { expectedImprovement } from "./model/laws.js";
import { expectedLongest, relativePrice } from "./model/prices.js";
import { simulateAsync } from "./model/unhurried.js";
import { effectiveAgents, speedUp } from "./model/worth.js";
import { formatNumber, latest, range } from "./numbers.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { runs, most, horizon, each } = panel.data, sizes = range(most).map((i) => i + 1);
  const ticks = range(97).map((i) => (i * horizon) / 96);
  const height = (width) => Math.min(210, Math.max(165, width * 0.62));
  const gains = panel.chart({ xLabel: "agents k", yLabel: "gain of a round, × one agent", height, left: 38 });
  const costs = panel.chart({ xLabel: "agents k", yLabel: "price of a gain, × one agent", height, left: 38 });
  for (const chart of [gains, costs]) chart.host.classList.add("arbook-half");
  const clock = panel.chart({
    xLabel: "time, in experiments’ mean duration τ",
    yLabel: "the clock, for independent agents: mean frontier, bits per byte",
    height: (width) => Math.min(230, Math.max(180, width * 0.3)),
  });
  panel.time({ last: () => horizon, show: (t) => clock.uncover(t ?? undefined) });
  gains.ghosts("team");
  costs.ghosts("prices");
  gains.layers("worth", "independent", "team");
  for (const chart of [gains, costs]) {
    chart.onPoint((x) => { if (!panel.state().veiled) panel.set({ k: Math.min(Math.max(Math.round(x), 1), most) }); });
  }
  panel.legend([
    ["arbook-line arbook-first", "independent agents"],
    ["arbook-line arbook-second", "correlated agents"],
    ["arbook-dot arbook-third", "best team"],
  ]);
  const draw = latest((seed) => [0, 1].map((stream) => normals(seed, runs, each * most, stream)));

  // The mean frontier of agents that do not wait, at 0 ... horizon.
  const freeAgents = latest((seed, k, mu, sigma0, variation) => {
    const p = { sigma0, gamma: 1, mu }, n = each * k, sums = new Float64Array(ticks.length);
    for (let run = 0; run < runs; run++) {
      const [z, u] = draw(seed).map((all) => all.subarray(run * each * most, run * each * most + n));
      const { frontier, time } = simulateAsync(p, n, k, z, { variation, u });
      for (let i = 0, j = 0; i < ticks.length; i++) {
        while (j < n && time[j + 1] <= ticks[i]) j++;
        sums[i] += frontier[j] / runs;
      }
    }
    return sums;
  });

  return (state) => {
    const { sigma0, mu, k, correlation, waiting, variation, veiled } = state, p = { sigma0, gamma: 1, mu };
    const alone = sizes.map((j) => speedUp(p, j).perRound);
    const team = correlation ? sizes.map((j) => speedUp(p, j, 0, correlation).perRound) : alone;
    const worth = effectiveAgents(p, k, correlation);
    const prices = sizes.map((j) => relativePrice(p, j, waiting, { correlation, variation }));
    const best = prices.indexOf(Math.min(...prices)) + 1, gain = team[k - 1], lasts = expectedLongest(k, variation);
    const asked = panel.atStart() && state.guess ? Math.min(state.guess.value, most) : 0;

    gains.frame({ x: [0, most], y: [0, Math.max(4.3, 1.1 * alone[most - 1])], xTicks: [1, 10, 20, 30] });
    gains.line("independent", sizes, alone, "arbook-line arbook-first");
    gains.hide("team", "point", "worth", "words", "guess", "guess words", "ask");
    costs.frame({ x: [0, most], y: [0, 2], xTicks: [1, 10, 20, 30], yTicks: [0, 0.5, 1, 1.5, 2] });
    costs.rule("even", { y: 1 }, "arbook-line arbook-ink arbook-thin arbook-dashed");
    costs.text("even words", most, 1, "one agent", "arbook-label arbook-soft", { anchor: "end", dx: -4, dy: -6 });
    costs.hide("prices", "best", "point", "ask");
    if (veiled) {
      const where = `${k} agents, ρ\u00a0=\u00a0${formatNumber(correlation, 2)}: where?`;
      gains.text("ask", 29, alone[most - 1] / 4, where, "arbook-hint", { anchor: "end" });
      costs.ask(15, 0.5, "after your guess");
    } else {
      gains.line("team", sizes, team, "arbook-line arbook-second");
      gains.line("worth", [worth, k], [gain, gain], "arbook-line arbook-thin arbook-dashed arbook-key-ink");
      gains.dots("point", [k], [gain], "arbook-dot arbook-second", 6);
      const place = k > 22 ? { dx: -6, dy: 20, anchor: "end" } : { dx: 8, dy: 20, anchor: "start" };
      gains.text("words", k, gain, `like ${formatNumber(worth, 2)}`, "arbook-label", place);
      if (asked) gains.guess(asked, speedUp(p, asked).perRound, asked > 20 ? -8 : 8, -8);
      const shown = sizes.filter((j) => prices[j - 1] <= 2);
      costs.line("prices", shown, shown.map((j) => prices[j - 1]), "arbook-line arbook-second");
      if (prices[k - 1] <= 2) costs.dots("point", [k], [prices[k - 1]], "arbook-dot arbook-second", 6);
      costs.dots("best", [best], [prices[best - 1]], "arbook-dot arbook-third", 5);
    }

    const frontier = freeAgents(state.seed, k, mu, sigma0, variation), one = expectedImprovement(p, 0);
    const rate = alone[k - 1] / lasts, free = (1 - frontier[96]) / (one * horizon);
    const mean = (gain) => ticks.map((v) => 1 - gain * v);
    clock.frame({ x: [0, horizon], y: [Math.min(1 - one * horizon * Math.max(1, rate), frontier[96]) - 0.2 * one, 1] });
    clock.line("one", ticks, mean(one), "arbook-line arbook-first");
    clock.line("rounds", ticks, mean(one * rate), "arbook-line arbook-second");
    clock.line("free", ticks, frontier, "arbook-line arbook-third arbook-dashed");
    clock.labels(horizon, [
      { y: 1 - one * horizon, words: "one agent", look: "arbook-first" },
      { y: 1 - one * rate * horizon, words: "k in rounds", look: "arbook-second" },
      { y: frontier[96], words: "k that do not wait", look: "arbook-third" },
    ]);

    const two = (v) => formatNumber(v, 2), agents = k === 1 ? "One agent" : `${k} agents`;
    const time = `A round lasts ${two(lasts)} τ; in the same time independent agents gain ${two(rate)} times as much `
      + `as one in rounds, and ${two(free)} times if they do not wait (mean of ${runs} runs).`;
    const sentence = veiled ? `The upper left picture shows the gain of independent agents, ${two(alone[k - 1])} times `
      + `one agent’s for ${k}. ${time} Commit to a guess, or move any control, to see what correlated agents gain.`
      : `${agents} with correlation ${two(correlation)} gain ${two(gain)} times as much a round as one, as much as `
      + `${two(worth)} independent ones. With waiting at ${formatNumber(waiting, waiting < 10 ? 2 : 1)} experiments’ `
      + `price, a gain costs ${two(prices[k - 1])} of what it costs one agent; the best team has ${best}, at `
      + `${two(prices[best - 1])}. ${time}`;
    return { sentence, truth: worth };
  };
});
