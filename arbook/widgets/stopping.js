// What each experiment is expected to gain against its price, and what patience gives away of it.
import { expectedImprovement } from "./model/laws.js";
import { stoppingTime, withPatience } from "./model/stopping.js";
import { expectedFrontier } from "./model/totals.js";
import { rangeOf } from "./inverse.js";
import { aside } from "./marks.js";
import { formatNumber, perCent, range, rounded, scientific } from "./numbers.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const chart = panel.chart({ xLabel: "experiment t", yLabel: "expected gain of experiment t, bits per byte" });
  chart.layers("lost", "price", "gain", "guess line", "guess lead", "kept");
  chart.ghosts("gain", "kept");
  panel.time({ last: ({ n }) => n, show: (t) => chart.uncover(t ?? undefined) });
  panel.legend([
    ["arbook-line arbook-first", "a run that goes on"],
    ["arbook-line arbook-third", "runs stopped by patience"],
    ["arbook-band arbook-many", "given away"],
    ["arbook-line arbook-rule arbook-dashed", "price of an experiment"],
    ["arbook-dot arbook-second", "where to stop: drag it"],
  ]);

  return (state) => {
    const { n, cost, patience, veiled } = state, ts = range(n);
    const gain = ts.map((t) => expectedImprovement(state, t)), time = stoppingTime(state, cost);
    const top = 1.05 * Math.max(gain[0], gain[n - 1]);
    chart.frame({ x: [0, n], y: [0, top], steady: true });
    chart.rule("price", { y: Math.min(cost, top) }, "arbook-line arbook-rule arbook-dashed");
    chart.line("gain", ts, gain, "arbook-line arbook-first");
    const { low, high } = rangeOf(panel, "cost");
    chart.grip("stop", Math.min(time, n), Math.min(cost, top), (_, y) => {
      panel.set({ cost: rounded(Math.min(Math.max(y, low), high)) });
    });

    const whole = expectedFrontier(state, n, 0), stopped = withPatience(state, n, patience);
    const share = 1 + stopped.gain / whole;
    if (veiled) {
      chart.hide("lost", "lost words", "stop words", "kept", "guess line", "guess lead", "guess", "guess words");
      chart.ask(0.6 * n, 0.7 * top, "How much of this area is given away?");
      return {
        truth: 100 * share,
        sentence: `The line is what each of ${n} experiments is expected to gain. `
          + "Commit to a guess, or move any control, to see what is left of it under patience.",
      };
    }
    chart.hide("ask", "stop words");
    if (state.told) { // what the dot is, which the answer does not speak of
      const beside = aside(chart, time, 10), isNear = beside.anchor === "end"; // then at the edge, higher
      const place = isNear ? { anchor: "end", dy: -16 } : { ...beside, dy: -8 };
      chart.text("stop words", isNear ? n : time, cost, `pays until ${time}`, "arbook-label arbook-second", place);
    }
    const kept = gain.map((one, t) => stopped.alive[t] * one);
    chart.band("lost", ts, kept, gain, "arbook-band arbook-many");
    chart.line("kept", ts, kept, "arbook-line arbook-third");
    const lost = gain.map((one, t) => one - kept[t]), most = lost.indexOf(Math.max(...lost));
    const words = share >= 0.005 ? `${perCent(share)} given away` : "";
    chart.text("lost words", most, gain[most], words, "arbook-label arbook-soft",
      { ...aside(chart, most, 14), dy: -8 });
    if (state.guess && panel.atStart()) {
      const guessed = Math.min(state.guess.value / 100, 1), less = guessed < share; // as much area, of the same shape
      const left = less ? gain.map((one, t) => one - (guessed / share) * lost[t])
        : kept.map((one) => (one * (1 - guessed)) / (1 - share));
      chart.line("guess line", ts, left, "arbook-line arbook-ink arbook-thin");
      const t = Math.round(1.5 * most);
      chart.line("guess lead", [t, t], [left[t], gain[t]], "arbook-line arbook-ink arbook-thin");
      chart.guess(t, left[t], 8, chart.y(gain[t]) - chart.y(left[t]) - 8); // above all lines
    } else chart.hide("guess line", "guess lead", "guess", "guess words");

    const made = Math.min(time, n), profit = -expectedFrontier(state, made, 0) - cost * made;
    const four = (v) => formatNumber(v, 4);
    const until = made === 0 ? "does not pay even at the start: best never begun, the loop"
      : `pays until ${time > n ? `the end, experiment ${n}` : `experiment ${made}`}: stopped there, the loop`;
    const sentence = `An experiment that costs ${scientific(cost)} bits per byte ${until} has an expected profit of `
      + `${four(profit)}. Stopped after ${patience} failures in a row, runs of ${n} experiments make `
      + `${formatNumber(stopped.experiments, 1)} on average, give away ${perCent(share, 1)} of the gain, and have an `
      + `expected profit of ${four(stopped.gain - cost * stopped.experiments)}.`;
    return { sentence, truth: 100 * share };
  };
});
