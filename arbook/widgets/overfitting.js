// What luck can be had of a validation set by its decisions, and what one look at a sealed test tells.
import { bentOnLuck, luckBound, plainLuck } from "./model/overfitting.js";
import { formatNumber, range, roundUp } from "./numbers.js";
import { explorer } from "./panel.js";

const MOST = 500, POINTS = 100;

export default explorer((panel) => {
  const chart = panel.chart({ xLabel: "decisions", yLabel: "luck, bits per byte" });
  chart.layers("sealed", "bound", "bent", "plain", "here");
  chart.ghosts("bound", "bent", "plain");
  panel.legend([
    ["arbook-line arbook-second arbook-dashed", "no agent has more"],
    ["arbook-line arbook-third", "an agent bent on luck"],
    ["arbook-line arbook-first", "the plain loop"],
    ["arbook-band arbook-many", "two standard errors of a sealed test"],
  ]);
  const ns = range(POINTS + 1).map((i) => MOST * (i / POINTS) ** 2);

  return (state) => {
    const { n, noise, sealed, veiled } = state, error = Math.SQRT2 * sealed;
    const top = roundUp(Math.max(luckBound(MOST, noise), 2 * error), 1.02);
    chart.frame({ x: [0, MOST], y: [0, top], steady: true });
    chart.rule("here", { x: n }, "arbook-line arbook-rule");
    chart.line("plain", ns, ns.map((i) => plainLuck(i, noise)), "arbook-line arbook-first");
    const truth = bentOnLuck(n, noise) / noise;
    if (veiled) {
      chart.hide("sealed", "bound", "bent", "found", "found words", "guess", "guess words");
      chart.ask(0.5 * MOST, 0.6 * top, "How high is the line of an agent that is bent on luck?");
      return {
        truth,
        sentence: "The line is the gain that the plain loop logs where no change has any effect. "
          + "Commit to a guess, or move any control, to see how much luck there is to be had.",
      };
    }
    chart.hide("ask");
    chart.band("sealed", [0, MOST], [0, 0], [2 * error, 2 * error], "arbook-band arbook-many");
    chart.line("bound", ns, ns.map((i) => luckBound(i, noise)), "arbook-line arbook-second arbook-dashed");
    chart.line("bent", ns, ns.map((i) => bentOnLuck(i, noise)), "arbook-line arbook-third");

    const beside = n > 0.8 * MOST ? { dx: -10, dy: -10, anchor: "end" } : { dx: 10, dy: 16 };
    chart.dots("found", [n], [truth * noise], "arbook-dot arbook-third", 5);
    chart.text("found words", n, truth * noise, `${formatNumber(truth, 1)} ν`, "arbook-label arbook-third", beside);
    if (state.guess && panel.atStart()) {
      const y = Math.min(state.guess.value * noise, top);
      chart.guessOff(n, y, ["plain", "bent", "bound", "found", "found words"]);
    } else chart.hide("guess", "guess words");

    const five = (v) => formatNumber(v, 5);
    const sentence = `Where no change has any effect, the log of a plain loop of ${n} decisions shows a gain of `
      + `${five(plainLuck(n, noise))} by luck. An agent that is bent on luck has ${five(bentOnLuck(n, noise))}, `
      + `${formatNumber(truth, 1)} times the noise, and none that sees only its decisions more than `
      + `${five(luckBound(n, noise))}, on average. One look at a sealed test has a standard error of ${five(error)}, `
      + "however many decisions there were.";
    return { sentence, truth };
  };
});
