// A night in the laboratory, and many like it: what the logs say, and what is true.
import { standardError } from "./model/simulation.js";
import { surrogate } from "./model/surrogate.js";
import { makeAgent } from "./agent.js";
import { clear } from "./marks.js";
import { drawNight, drawNights, makeNights, saidOfNight } from "./nights.js";
import { formatNumber, plural, range } from "./numbers.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { nights } = panel.data, run = makeNights(panel.data), shorter = makeNights(panel.data);
  const yLabel = "val_bpb, bits per byte", xLabel = "experiments";
  const one = panel.chart({ xLabel, yLabel: `one night: ${yLabel}`, left: 58 });
  const many = panel.chart({ xLabel, yLabel: `${nights} nights: ${yLabel}`, left: 58 });
  one.layers("discarded", "crashed", "logged", "true", "kept");
  many.layers("nights", "logged", "true", "half");
  const legend = (many) => panel.legend([
    ["arbook-line arbook-first", "true metric of the incumbent"],
    ["arbook-line arbook-second arbook-dashed", "what the log says"],
    ...many,
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-fourth arbook-cross", "crashed"],
  ]);
  const player = panel.time({
    last: ({ n }) => n,
    show(t) { for (const chart of [one, many]) chart.uncover(t ?? undefined); },
  });

  // the reader in place of the loop, until a control is moved
  let begun = ""; // the controls with which that began, or nothing
  const controls = ({ n, step, gamma, margin }) => [n, step, gamma, margin].join();
  const own = panel.button("Be the agent: propose changes by hand", () => enter(!begun), {
    parent: panel.row("arbook-switch-row"),
  });
  own.setAttribute("role", "switch");
  own.classList.add("arbook-switch");
  function enter(is) {
    player.pause();
    begun = is ? controls(panel.state()) : "";
    panel.redraw();
  }
  const agent = makeAgent(panel, { truth: surrogate(panel.data.model), entered: enter });
  panel.whenAsked(() => { begun = ""; });
  const loopGains = ({ seed, step, gamma, margin }) => (budget) => {
    const { all } = shorter(nights, seed, budget, step, gamma, margin);
    return all.map(({ trueMetric }) => trueMetric[0] - trueMetric[budget]);
  };

  return (state) => {
    if (begun !== controls(state)) begun = "";
    own.setAttribute("aria-checked", String(Boolean(begun)));
    agent.show(Boolean(begun));
    many.host.hidden = Boolean(begun);
    one.host.hidden = false;
    panel.root.dataset.night = begun ? "agent" : "loop";
    one.hide("ask", "discarded", "crashed", "kept", "logged", "true", "latest");
    one.nameY(`${begun ? "your log" : "one night"}: ${yLabel}`);
    if (begun) {
      legend([]);
      one.uncover();
      return { sentence: agent.draw(state, one, loopGains(state)) };
    }
    legend([["arbook-line arbook-many", "truth of each night"]]);
    const { n, veiled } = state, xs = range(n + 1);
    const { all, y, mean } = run(nights, state.seed, n, state.step, state.gamma, state.margin);
    const [first] = all, gained = mean.true[0] - mean.true[n];
    const half = mean.true.findIndex((f) => mean.true[0] - f >= gained / 2);
    for (const chart of [one, many]) { chart.frame({ x: [0, n], y }); chart.hide("ask"); }
    drawNight(one, first, y[1]);
    many.hide("nights", "logged", "true", "half", "half words", "guess", "guess words");

    const words = saidOfNight(first), five = (v) => formatNumber(v, 5);
    if (veiled) {
      many.ask(0.5 * n, y[1] - 0.2 * (y[1] - y[0]), "When is half of it gained?");
      return { sentence: `${words} Commit to an answer, or move any control, to see many nights.`, truth: half };
    }
    drawNights(many, all);
    many.line("logged", xs, mean.logged, "arbook-line arbook-second arbook-dashed");
    many.line("true", xs, mean.true, "arbook-line arbook-first");
    many.dots("half", [half], [mean.true[half]], "arbook-dot arbook-best", 6);
    const beside = (t) => (t > 0.6 * n ? -10 : 10), up = -8;
    many.text("half words", half, mean.true[half], `half after ${half}`, "arbook-label",
      { dx: beside(half), dy: up, anchor: half > 0.6 * n ? "end" : "start" });
    if (state.guess && panel.atStart()) {
      const t = Math.min(Math.round(state.guess.value), n), at = many.y(mean.true[t]);
      const dy = t > half ? 18 : clear(at + up, many.y(mean.true[half]) + up) - at; // the mean falls
      many.guess(t, mean.true[t], beside(t), dy);
    }
    const error = standardError(all.map(({ trueMetric }) => trueMetric[n]));
    const sentence = `${words} The mean of ${nights} nights is ${five(mean.true[n])} ± ${five(error)} in truth and `
      + `${five(mean.logged[n])} by their logs; half of the gain is there after ${plural(half, "experiment")}.`;
    return { sentence, truth: half };
  };
});
