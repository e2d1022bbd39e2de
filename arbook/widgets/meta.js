// A shelf of programs: the reader spends a budget of noisy nights, chooses one, and sees the truth.
import { bestWinsProbability } from "./model/selection.js";
import { USUAL, USUAL_AREA } from "./model/shelf.js";
import { gainAreaStd } from "./model/totals.js";
import { latest, perCent, range } from "./numbers.js";
import { deal, ORDINALS, saidOfChoice, saidOfNights, SHELF } from "./shelf_game.js";
import { niceTicks } from "./ticks.js";
import { explorer } from "./panel.js";

const GOOD_ENOUGH = 0.97; // share of the best expectation that counts as right

const GAME_KEY = [
  ["arbook-dot arbook-first", "a night"],
  ["arbook-line arbook-first arbook-tick", "mean of the nights"],
  ["arbook-line arbook-second", "truth"],
  ["arbook-band arbook-second", "± 1 standard deviation"],
  ["arbook-line arbook-luck", "luck"],
];
const CONTEST_KEY = [
  ["arbook-line arbook-second", "truth of the better one"],
  ["arbook-line arbook-key-ink", "of a rival"],
  ["arbook-band arbook-key-ink", "± 1 standard deviation"],
];

export default explorer((panel) => {
  const areas = "gain areas, bits per byte × experiments";
  const chart = panel.chart({ xLabel: "gain area of a night", yLabel: areas, height: 344, left: 80 });
  let begun = false; // the game, after the answer to the question
  let round = 0; // a reset deals the same shelf again
  const tally = { games: 0, best: 0, above: 0 };
  const dealt = latest((_round, seed, n, spread, budget, common) => deal({ seed, n, spread, budget, common }));
  const gameOf = ({ seed, n, spread, budget, common }) => dealt(round, seed, n, spread, budget, common);
  let game = gameOf(panel.state());
  const restart = () => { round++; panel.redraw(); };
  panel.whenAsked(() => { begun = false; restart(); });

  // buttons: one beside each row, and a row of them below
  const run = (...programs) => {
    begun = true;
    for (const i of programs) { game.nights[i]++; game.left--; }
    game.last = programs;
    for (const button of choosers) button.disabled = false;
    if (game.left === 0) choosers[0].focus({ preventScroll: true }); // the button that had the focus goes dead
    else if (game.left < SHELF.length) runners[programs[0]].focus({ preventScroll: true });
    panel.redraw();
  };
  const runs = panel.element("div", "arbook-runs");
  chart.svg.before(runs);
  const runners = SHELF.map((name, i) => {
    const button = panel.button(`Run ${name}`, () => run(i), { parent: runs });
    button.classList.add("arbook-run");
    return button;
  });
  const bar = panel.element("div", "arbook-game"), left = panel.element("span", "arbook-left");
  const choices = panel.element("span", "arbook-choices", "Choose ");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "The game");
  const everyone = panel.button("One night each", () => run(...SHELF.keys()), { parent: bar });
  const next = panel.button("Next shelf", () => {
    panel.set({ seed: panel.state().seed + 1 });
    everyone.hidden = everyone.disabled = false;
    everyone.focus({ preventScroll: true });
  }, { parent: bar });
  next.classList.add("arbook-primary");
  const begin = panel.button("Play the game", () => {
    begun = true;
    panel.redraw();
    everyone.hidden = false; // at once, for the focus
    everyone.focus({ preventScroll: true });
  }, { parent: bar });
  begin.classList.add("arbook-primary");
  bar.append(left, choices);
  const choosers = SHELF.map((name, i) => {
    const button = panel.button(name, () => choose(i), { parent: choices });
    button.setAttribute("aria-label", `Choose program ${name}`);
    return button;
  });
  panel.below.append(bar);

  panel.whenTold(() => { // the nights shared out evenly, and the program that looks best
    const each = Math.floor(game.left / SHELF.length);
    game.nights.fill(each);
    Object.assign(game, { told: true, left: game.left - each * SHELF.length, choice: game.looksBest() });
  });

  function choose(i) {
    if (game.choice !== null) return;
    game.choice = i;
    tally.games++;
    if (i === game.best) tally.best++;
    if (game.mean(i) > game.truth[i]) tally.above++;
    panel.score(game.truth[i] >= GOOD_ENOUGH * game.truth[game.best]);
    panel.redraw();
    next.hidden = false;
    next.focus({ preventScroll: true });
  }

  return (state) => {
    game = gameOf(state);
    const { truth: truths, std, range: [low, high] } = game;
    const open = game.choice === null, spent = state.budget - game.left;
    const yTicks = range(SHELF.length).map((i) => i + 1), yFormat = () => "", xTicks = niceTicks(low, high, 4);
    chart.frame({ x: [low, high], y: [0.45, SHELF.length + 0.55], xTicks, yTicks, yFormat });
    const inside = (area) => Math.min(Math.max(area, low), high);
    const upright = (name, x, row, half, look) => {
      chart.line(name, [x, x], [row - half, row + half], `arbook-line ${look}`);
    };
    const spread = "arbook-band arbook-second", night = "arbook-dot arbook-first arbook-night";
    SHELF.forEach((name, i) => {
      const row = SHELF.length - i, areas = game.areas(i), mean = inside(game.mean(i));
      const runner = runners[i], truth = truths[i];
      runner.style.top = `${chart.scale * chart.y(row)}px`;
      chart.hide(`spread ${name}`, `truth ${name}`, `luck ${name}`, `mean ${name}`);
      if (!open) {
        chart.bar(`spread ${name}`, inside(truth - std[i]), inside(truth + std[i]), row, 0.36, spread);
        upright(`truth ${name}`, truth, row, 0.42, "arbook-second arbook-strong-line");
        if (i === game.choice && areas.length) {
          chart.line(`luck ${name}`, [truth, mean], [row, row], "arbook-line arbook-luck");
        }
      }
      chart.dots(`nights ${name}`, areas.map(inside), areas.map(() => row), night, 4.5);
      if (areas.length) upright(`mean ${name}`, mean, row, 0.3, "arbook-first arbook-strong-line");
      const words = open ? `Run ${name}` : `${name} · ${ORDINALS[game.rank(i)]}`;
      runner.textContent = words;
      if (open) runner.setAttribute("aria-label", `Run ${name}: one night of program ${name}`);
      else runner.removeAttribute("aria-label");
      runner.classList.toggle("arbook-ranked", !open);
      runner.classList.toggle("arbook-top", !open && i === game.best);
      runner.classList.toggle("arbook-chosen", i === game.choice);
      if (game.told) chart.text(`rank ${name}`, low, row, words, "", { anchor: "end", dx: -8, dy: 4 });
      runner.disabled = !open || game.left === 0;
      choosers[i].disabled = spent === 0;
    });
    const contested = state.told && !spent && open && !begun;
    for (const part of [everyone, left, choices]) part.hidden = !open || contested;
    begin.hidden = !contested;
    runs.style.visibility = contested ? "hidden" : "";
    panel.legend(contested ? CONTEST_KEY : GAME_KEY);
    const means = [1.1 * USUAL_AREA, ...Array(SHELF.length - 1).fill(USUAL_AREA)], one = gainAreaStd(USUAL, 100);
    const contest = bestWinsProbability(means, means.map(() => one));
    chart.hide("ask", "luck for all", "rivals", "better", "their truth", "its truth", "wins", "rivals words");
    if (contested) drawContest(chart, means, one, contest);
    else if (!spent) {
      const x = (low + high) / 2, anchor = "middle";
      chart.ask(x, 5.5, `${state.budget} nights to spend`);
      if (state.common) chart.text("luck for all", x, 4.5, "with the same luck for all", "arbook-hint", { anchor });
    }
    everyone.disabled = game.left < SHELF.length;
    left.textContent = `${game.left} of ${state.budget} nights left`;
    next.hidden = open;
    const truth = contest > 0.9 ? 0 : contest < 0.3 ? 2 : 1;

    const nights = open ? saidOfNights(game, state) : saidOfChoice(game, state, tally);
    const sentence = contested ? `Of such contests the better program wins ${perCent(contest)}, its seven rivals `
      + `${perCent(1 - contest)}. Now a game. ${nights}` : nights;
    return { sentence, truth };
  };
});

// What the question is about: seven equal programs and a better one, and how often one night of each finds it.
function drawContest(chart, means, std, wins) {
  const [better, usual] = means, rows = range(SHELF.length - 1).map((i) => i + 1), top = SHELF.length;
  const box = (x, row) => {
    const [from, to, up, down] = [chart.x(x - std), chart.x(x + std), chart.y(row + 0.36), chart.y(row - 0.36)];
    return `M${from},${up}H${to}V${down}H${from}Z`;
  };
  const mark = (x, row) => `M${chart.x(x)},${chart.y(row + 0.42)}V${chart.y(row - 0.42)}`;
  chart.path("rivals", rows.map((row) => box(usual, row)).join(""), "arbook-band arbook-many");
  chart.path("their truth", rows.map((row) => mark(usual, row)).join(""), "arbook-line arbook-key-ink");
  chart.path("better", box(better, top), "arbook-band arbook-second");
  chart.path("its truth", mark(better, top), "arbook-line arbook-second arbook-strong-line");
  const x = better + std, words = { dx: 8, dy: 5, lines: true };
  chart.text("wins", x, top, `10 % better: wins ${perCent(wins)}`, "arbook-label arbook-second", words);
  const rest = `its seven rivals win ${perCent(1 - wins)}`;
  chart.text("rivals words", x, top / 2, rest, "arbook-label arbook-soft", words);
}
