// How many independent agents a team is worth, and what its gain costs, waiting for each other or not.
import { normals } from "./model/draws.js";
import { expectedImprovement } from "./model/laws.js";
import { clear } from "./marks.js";
import { expectedLongest, priceOfGain } from "./model/prices.js";
import { simulateAsync } from "./model/unhurried.js";
import { effectiveAgents, speedUp } from "./model/worth.js";
import { formatNumber, latest, range } from "./numbers.js";
import { explorer } from "./panel.js";

const SHOWN = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 24, 27, 30]; // teams whose worth makes the curve
const DEAREST = 2; // price at which the frame ends

export default explorer((panel) => {
  const { runs, most, each, from, until, seed } = panel.data, sizes = range(most).map((i) => i + 1);
  const height = (width) => Math.min(300, Math.max(200, width * 0.85));
  const worths = panel.chart({ xLabel: "agents k", yLabel: "worth, in independent agents", height, left: 38 });
  const costs = panel.chart({ xLabel: "agents k", yLabel: "price of a gain, × one agent", height, left: 38 });
  worths.ghosts("team");
  costs.ghosts("prices");
  worths.layers("all", "lost", "team", "point");
  costs.layers("even", "prices", "best");
  const within = (/** @type {number} */ x) => Math.min(Math.max(Math.round(x), 1), most);
  worths.onPoint((x, y) => {
    if (panel.state().veiled) panel.fill(y); else panel.set({ k: within(x) });
  });
  costs.onPoint((x) => { if (!panel.state().veiled) panel.set({ k: within(x) }); });
  panel.time({ name: "k", first: 1, last: () => most });
  panel.legend([
    ["arbook-line arbook-first", "all different"],
    ["arbook-line arbook-second", "the team: drag it"],
    ["arbook-dot arbook-third", "best team"],
  ]);

  const draw = latest(() => [0, 1].map((stream) => normals(seed, runs, each * most, stream)));
  const curve = latest((mu, sigma0, rho) => SHOWN.map((k) => effectiveAgents({ sigma0, gamma: 1, mu }, k, rho)));
  const gains = latest((mu, sigma0, rho) => sizes.map((k) => speedUp({ sigma0, gamma: 1, mu }, k, 0, rho).perRound));
  const durations = latest((variation) => sizes.map((k) => expectedLongest(k, variation)));
  // What independent agents that do not wait gain in one τ, in units of one agent's gain, once they have begun.
  const unhurried = latest((k, mu, sigma0, variation) => {
    const p = { sigma0, gamma: 1, mu }, n = each * k;
    let sum = 0;
    for (let run = 0; run < runs; run++) {
      const [z, u] = draw().map((all) => all.subarray(run * each * most, run * each * most + n));
      const { frontier, time } = simulateAsync(p, n, k, z, { variation, u });
      for (let j = 1; j <= n; j++) if (time[j] > from && time[j] <= until) sum += frontier[j - 1] - frontier[j];
    }
    return sum / runs / (until - from) / expectedImprovement(p, 0);
  });

  return (state) => {
    const { sigma0, mu, k, correlation, waiting, variation, veiled } = state;
    const worth = effectiveAgents({ sigma0, gamma: 1, mu }, k, correlation);
    const lasts = durations(variation), times = gains(mu, sigma0, correlation);
    const prices = sizes.map((j) => priceOfGain(j, waiting, lasts[j - 1], times[j - 1]));
    const best = prices.indexOf(Math.min(...prices)) + 1, price = prices[k - 1];
    const free = correlation || k === 1 ? null : priceOfGain(k, waiting, 1, unhurried(k, mu, sigma0, variation));
    const guess = veiled ? state.offer : panel.atStart() ? state.guess?.value : null;

    worths.frame({ x: [0, most], y: [0, most], xTicks: [1, 10, 20, 30], yTicks: [1, 10, 20, 30] });
    worths.line("all", [0, most], [0, most], "arbook-line arbook-first");
    worths.dots("hired", [k], [k], "arbook-dot arbook-first", 6);
    worths.text("hired words", k, k, k === 1 ? "one agent" : `${k} agents`, "arbook-label arbook-first",
      k > 12 ? { dx: -10, dy: 2, anchor: "end" } : { dx: 2, dy: -12, anchor: "middle" });
    costs.frame({ x: [0, most], y: [0, DEAREST], xTicks: [1, 10, 20, 30], yTicks: [0, 0.5, 1, 1.5, 2] });
    costs.rule("even", { y: 1 }, "arbook-line arbook-ink arbook-thin arbook-dashed");
    costs.text("even words", most, 1, "one agent", "arbook-label arbook-soft", { anchor: "end", dx: -4, dy: -6 });
    worths.hide("team", "lost", "worth words", "guess", "guess words", "ask");
    costs.hide("prices", "best", "best words", "free", "free words", "ask");
    const beside = k > 18 ? { dx: -4, dy: -12, anchor: "end" } : { dx: 12, dy: 16 };
    if (guess) {
      const y = Math.min(guess, most), at = worths.y(y);
      const words = Math.min(worths.y(worth) + beside.dy, worths.box.bottom - 4);
      worths.guess(k, y, 10, veiled ? 5 : clear(at + 5, words) - at);
    }
    const two = (v) => formatNumber(v, 2);
    if (veiled) {
      if (!guess) worths.ask(0.68 * most, 4, "like how many? Draw it.");
      costs.ask(most / 2, 0.5, "after your guess");
      return { truth: worth, sentence: `${k} agents of which any two have correlation ${two(correlation)}. `
        + "Commit to a guess, or move any control, to see how many independent agents they are worth." };
    }
    worths.line("team", SHOWN, curve(mu, sigma0, correlation), "arbook-line arbook-second");
    const lost = "arbook-line arbook-thin arbook-dashed arbook-key-ink";
    if (k - worth > 0.5) worths.line("lost", [k, k], [worth, k], lost);
    worths.grip("point", k, worth, (x) => panel.set({ k: within(x) }));
    worths.text("worth words", k, worth, `like ${two(worth)}`, "arbook-label arbook-second", beside);

    const cheap = sizes.filter((j) => prices[j - 1] <= DEAREST);
    costs.line("prices", cheap, cheap.map((j) => prices[j - 1]), "arbook-line arbook-second");
    if (price <= DEAREST) costs.grip("point", k, price, (x) => panel.set({ k: within(x) }));
    costs.dots("best", [best], [prices[best - 1]], "arbook-dot arbook-third", 6);
    const fewer = `best: ${best}`, below = { anchor: best < 8 ? "start" : "middle", dx: best < 8 ? -6 : 0, dy: 22 };
    costs.text("best words", best, prices[best - 1], fewer, "arbook-label arbook-third", below);
    if (free !== null && free <= DEAREST) {
      costs.dots("free", [k], [free], "arbook-dot arbook-fourth", 6);
      const place = { dx: k > 18 ? -10 : 10, dy: free < price ? 16 : -8, anchor: k > 18 ? "end" : "start" };
      costs.text("free words", k, free, "not waiting", "arbook-label arbook-fourth", place);
    }

    const agents = k === 1 ? "One agent" : `${k} agents`, digits = waiting < 10 ? 2 : 1;
    const one = expectedImprovement({ sigma0, gamma: 1, mu }, 0);
    const round = formatNumber(one * times[k - 1], 4);
    const sentence = `${agents} with correlation ${two(correlation)} gain ${round} bits per byte a round, `
      + `${two(times[k - 1])} times as much as one, like ${two(worth)} independent ones. `
      + `With waiting at ${formatNumber(waiting, digits)} experiments’ price, a gain costs ${two(price)} `
      + `of what it costs one agent; the best team has ${best}, at `
      + `${two(prices[best - 1])}. A round lasts ${two(lasts[k - 1])} τ`
      + (free === null ? "." : `; agents that do not wait pay ${two(free)} (mean of ${runs} runs).`);
    return { sentence, truth: worth };
  };
});
