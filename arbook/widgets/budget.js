// What a night gains against the length of its experiments, for as many agents as machines and for as many repeats.
import { budgetGain } from "./model/budget.js";
import { rangeOf } from "./inverse.js";
import { formatNumber, latest, perCent, plural, rounded, significant } from "./numbers.js";
import { explorer } from "./panel.js";

const POINTS = 60, SHORTEST = 0.2; // of a curve, and in minutes

/** Numbers of rounds, most first, that are drawn. */
function roundsOf(/** @type {number} */ night, /** @type {number} */ overhead) {
  const most = Math.max(Math.floor(night / (SHORTEST + overhead)), 1), found = new Set();
  for (let i = 0; i < POINTS; i++) found.add(Math.max(Math.round(most ** (1 - i / (POINTS - 1))), 1));
  return [...found];
}

export default explorer((panel) => {
  const chart = panel.chart({ xLabel: "training of an experiment, minutes", yLabel: "expected gain, bits per byte" });
  chart.layers("repeats", "agents", "best");
  chart.ghosts("agents");
  panel.legend([
    ["arbook-line arbook-first", "a variant on each machine"],
    ["arbook-line arbook-fourth arbook-dashed", "one variant on all machines"],
    ["arbook-dot arbook-third", "best length"],
    ["arbook-dot arbook-second", "your length: drag it"],
  ]);
  const { exponent } = panel.data;

  const curves = latest((sigma0, gamma, mu, noise, curve, overhead, hours, machines) => {
    const p = { sigma0, gamma, mu }, hides = { noise, curve, exponent }, night = 60 * hours;
    const rounds = roundsOf(night, overhead), taus = rounds.map((n) => night / n - overhead);
    const gains = (/** @type {number} */ agents, /** @type {number} */ repeats) =>
      taus.map((tau, i) => budgetGain(p, hides, tau, rounds[i], agents, repeats));
    const agents = gains(machines, 1);
    return { taus, agents, repeats: machines === 1 ? [] : gains(1, machines), ...best() };

    /** The best number of rounds: the gain has one top, between the neighbours of the best drawn. */
    function best() {
      const i = agents.indexOf(Math.max(...agents));
      const gain = (/** @type {number} */ n) => budgetGain(p, hides, night / n - overhead, n, machines, 1);
      let low = rounds[Math.min(i + 1, rounds.length - 1)], high = rounds[Math.max(i - 1, 0)];
      while (high - low > 2) {
        const third = Math.floor((high - low) / 3);
        if (gain(low + third) < gain(high - third)) low += third; else high -= third;
      }
      const near = Array.from({ length: high - low + 1 }, (_, j) => low + j), found = near.map(gain);
      const most = Math.max(...found), n = near[found.indexOf(most)];
      return { most, at: night / n - overhead, rounds: n };
    }
  });

  return (state) => {
    const { sigma0, gamma, mu, noise, curve, overhead, hours, machines, tau, veiled } = state;
    const p = { sigma0, gamma, mu }, hides = { noise, curve, exponent };
    const made = curves(sigma0, gamma, mu, noise, curve, overhead, hours, machines);
    const roundsAt = (/** @type {number} */ x) => Math.floor(60 * hours / (x + overhead) + 1e-9);
    const gainAt = (/** @type {number} */ x) => budgetGain(p, hides, x, roundsAt(x), machines, 1);
    const rounds = roundsAt(tau), gain = gainAt(tau);
    const { low, high } = rangeOf(panel, "tau"), top = 1.1 * Math.max(made.most, 1e-9);
    chart.frame({ x: [low, high], y: [0, top], xLog: true, steady: true });
    const move = (/** @type {number} */ x) => panel.set({ tau: rounded(Math.min(Math.max(x, low), high)) });
    if (veiled) {
      chart.hide("agents", "repeats", "best", "best words", "tau", "guess", "guess words");
      chart.ask(Math.sqrt(low * high), 0.5 * top, "Where is the top?");
      return {
        truth: made.at,
        sentence: `${plural(machines, "machine")} for ${hours} hours. Commit to a guess, or move any control, to see `
          + "what each length of experiments gains.",
      };
    }
    chart.hide("ask");
    const inside = made.taus.map((/** @type {number} */ x) => x <= high);
    const shown = (/** @type {number[]} */ ys) => ys.filter((_, i) => inside[i]);
    const xs = shown(made.taus);
    chart.line("agents", xs, shown(made.agents), "arbook-line arbook-first");
    if (machines > 1) chart.line("repeats", xs, shown(made.repeats), "arbook-line arbook-fourth arbook-dashed");
    else chart.hide("repeats");
    chart.dots("best", [Math.min(made.at, high)], [made.most], "arbook-dot arbook-third");
    const ends = [0.1, 0.9].map((part) => low * (high / low) ** part);
    chart.text("best words", Math.min(made.at, high), made.most, `best: ${significant(made.at)}`,
      "arbook-label arbook-third",
      { dy: -9, anchor: made.at < ends[0] ? "start" : made.at > ends[1] ? "end" : "middle" });
    chart.grip("tau", tau, gain, move);
    if (state.guess && panel.atStart()) {
      const x = Math.min(Math.max(state.guess.value, low), high);
      chart.guessOff(x, gainAt(x), ["agents", "repeats", "best words", "handle tau"]);
    } else chart.hide("guess", "guess words");
    const less = made.most > 0 ? 1 - gain / made.most : 0, four = (/** @type {number} */ v) => formatNumber(v, 4);
    const repeated = machines > 1
      ? ` One variant at a time, on all machines, would gain ${four(budgetGain(p, hides, tau, rounds, 1, machines))}.`
      : "";
    const sentence = `Experiments of ${significant(tau)} minutes leave time for ${plural(rounds, "round")} on `
      + `${plural(machines, "machine")} and are expected to gain ${four(gain)} that lasts. The best length is `
      + `${significant(made.at)} minutes, ${plural(made.rounds, "round")}, and gains ${four(made.most)}: `
      + `${perCent(less, 1)} of that is given away.${repeated}`;
    return { sentence, truth: made.at };
  };
});
