// The lead of the better of two programs after n nights of each, and how often rules have told them apart by then.
import { normalCdf, normalPdf } from "./model/normal.js";
import { misrankingProbability, pairEffect } from "./model/power.js";
import { formatNumber, perCent, range } from "./numbers.js";
import { explorer } from "./panel.js";

const POINTS = 160;

export default explorer((panel) => {
  const lead = panel.chart({ xLabel: "lead of the better in the means, spreads", yLabel: "density", height: 300 });
  const looks = panel.chart({ xLabel: "nights of each", yLabel: "contests, %", height: 300, left: 40 });
  lead.layers("wrong", "zero", "bell");
  panel.legend([
    ["arbook-band arbook-second", "the worse one looks better"],
    ["arbook-line arbook-ink", "ranked rightly by the means"],
    ["arbook-line arbook-first", "e-values, every night"],
    ["arbook-line arbook-second arbook-dashed", "a t-test, every night"],
  ]);
  const nights = range(panel.data.e[0].length).map((i) => i + 1);

  return (state) => {
    const { difference, n, correlation, veiled } = state;
    const effect = pairEffect(difference, correlation), sd = Math.sqrt((2 * (1 - correlation)) / n);
    const wrong = misrankingProbability(difference, n, correlation);
    const low = Math.min(difference - 4 * sd, -1), high = Math.max(difference + 4 * sd, 1);
    const xs = range(POINTS + 1).map((i) => low + ((high - low) * i) / POINTS);
    const density = (/** @type {number} */ x) => normalPdf((x - difference) / sd) / sd;
    const top = 1.25 * density(difference);
    lead.frame({ x: [low, high], y: [0, top] });
    lead.rule("zero", { x: 0 }, "arbook-line arbook-rule arbook-dashed");
    lead.line("bell", xs, xs.map(density), "arbook-line arbook-ink");
    looks.frame({ x: [0, nights.length], y: [0, 100] });
    looks.rule("now", { x: n }, "arbook-line arbook-rule arbook-dashed");
    if (veiled) {
      lead.hide("wrong", "wrong words", "guess line", "guess", "guess words");
      looks.hide("right", "e", "t");
      return {
        truth: 100 * wrong,
        sentence: `The bell is the lead of the better program after ${nightsOf(n)} of each. `
          + "Commit to a guess, or move any control, to see how often it is below zero.",
      };
    }
    const left = xs.filter((x) => x < 0).concat(0);
    lead.band("wrong", left, left.map(() => 0), left.map(density), "arbook-band arbook-second");
    const guess = state.guess && panel.atStart() ? state.guess.value / 100 : null;
    const less = guess !== null && guess < wrong;
    const place = less ? { dx: 6, dy: 12 } : { anchor: "end", dx: -8, dy: -10 }; // not where the guess is
    lead.text("wrong words", 0, less ? top : density(0), perCent(wrong, 1), "arbook-label arbook-second", place);
    if (guess !== null) { // as much of the bell lies to the left of it
      const x = xs.find((x) => normalCdf((x - difference) / sd) >= guess) ?? high;
      lead.line("guess line", [x, x], [0, top], "arbook-line arbook-ink arbook-thin");
      lead.guess(x, density(x), less ? -6 : 6, lead.y(top) + 12 - lead.y(density(x))); // above the bell
    } else lead.hide("guess line", "guess", "guess words");
    const right = nights.map((k) => 100 * (1 - misrankingProbability(difference, k, correlation)));
    looks.line("right", nights, right, "arbook-line arbook-ink");
    const found = Object.fromEntries(["e", "t"].map((rule) => [rule, between(panel.data, rule, effect)]));
    looks.line("e", nights, found.e, "arbook-line arbook-first");
    looks.line("t", nights, found.t, "arbook-line arbook-second arbook-dashed");

    const [byE, byT] = ["e", "t"].map((rule) => formatNumber(found[rule][n - 1], 1));
    const s = n === 1 ? "s" : "";
    const rank = difference
      ? `${capital(nightsOf(n))} of each rank${s} the two wrongly in ${perCent(wrong, 1)} of such contests`
      : `The two are equal, and ${nightsOf(n)} of each crown${s} either of them`;
    const sentence = `${rank}. Looked at every night until then, e-values have `
      + `${difference ? "told them apart" : "found a difference that is none"} in ${byE} %, `
      + `a t-test at 5 % in ${byT} %.`;
    return { sentence, truth: 100 * wrong };
  };
});

const nightsOf = (/** @type {number} */ n) => (n === 1 ? "one night" : `${n} nights`);
const capital = (/** @type {string} */ words) => words[0].toUpperCase() + words.slice(1);

// Shares of a rule after each night, between the effects for which they were simulated.
function between({ effects, ...shares }, rule, effect) {
  const last = effects.length - 1, place = Math.min(effect / effects[1], last);
  const i = Math.min(Math.floor(place), last - 1);
  const part = place - i, [below, above] = [shares[rule][i], shares[rule][i + 1]];
  return below.map((/** @type {number} */ share, k) => share + part * (above[k] - share));
}
