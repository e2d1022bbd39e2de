// A shelf of programs: the reader spends a budget of noisy nights, chooses one, and sees the truth.
import { normals } from "./model/draws.js";
import { gainArea } from "./model/measures.js";
import { bestWinsProbability } from "./model/selection.js";
import { makeShelf, USUAL, USUAL_AREA } from "./model/shelf.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedGainArea, gainAreaStd } from "./model/totals.js";
import { formatNumber } from "./numbers.js";
import { niceTicks } from "./ticks.js";
import { explorer } from "./panel.js";

const SHELF = [..."ABCDEFGH"];
const FIRST_NIGHTS = 10; // stream of the first program's nights
const ORDINALS = ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th"];
const GOOD_ENOUGH = 0.97; // share of the best expectation that counts as right

export default explorer((panel) => {
  const chart = panel.chart({ xLabel: "gain area of a night", yLabel: "gain areas, bits per byte × experiments", height: 344, left: 80 });
  panel.legend([
    ["arbook-dot arbook-first", "a night"],
    ["arbook-line arbook-first arbook-tick", "mean of the nights"],
    ["arbook-line arbook-second", "truth"],
    ["arbook-band arbook-second", "± 1 standard deviation"],
    ["arbook-line arbook-luck", "luck"],
  ]);

  let game = { key: "" };
  const tally = { games: 0, best: 0, above: 0 };
  const restart = () => { game = { key: "" }; panel.redraw(); };
  panel.figure.parentElement.querySelector('[data-act="reset"]').addEventListener("click", restart);

  // buttons: one beside each row, and a row of them below
  const run = (...programs) => {
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
    const button = panel.button("Run " + name, () => run(i), { parent: runs });
    button.classList.add("arbook-run");
    return button;
  });
  const bar = panel.element("div", "arbook-game"), left = panel.element("span", "arbook-left"), choices = panel.element("span", "arbook-choices", "Choose ");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "The game");
  const everyone = panel.button("One night each", () => run(...SHELF.keys()), { parent: bar });
  const next = panel.button("Next shelf", () => {
    panel.set({ seed: panel.state().seed + 1 });
    everyone.hidden = everyone.disabled = false;
    everyone.focus({ preventScroll: true });
  }, { parent: bar });
  next.classList.add("arbook-primary");
  bar.append(left, choices);
  const choosers = SHELF.map((name, i) => {
    const button = panel.button(name, () => choose(i), { parent: choices });
    button.setAttribute("aria-label", "Choose program " + name);
    return button;
  });
  panel.figure.append(bar);

  panel.whenTold(() => { // the nights shared out evenly, and the program that looks best
    const each = Math.floor(game.left / SHELF.length);
    game.nights.fill(each);
    Object.assign(game, { told: true, left: game.left - each * SHELF.length, choice: looksBest() });
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

  const looksBest = () => SHELF.map((_, i) => i).filter((i) => game.nights[i]).reduce((a, b) => (game.mean(b) > game.mean(a) ? b : a));

  function deal(state, key) {
    const programs = makeShelf(state.seed, SHELF.length, state.spread), areas = SHELF.map(() => []);
    const truth = programs.map((p) => expectedGainArea(p, state.n)), std = programs.map((p) => gainAreaStd(p, state.n));
    const low = Math.min(...truth.map((mean, i) => mean - 3 * std[i])), high = Math.max(...truth.map((mean, i) => mean + 3.2 * std[i]));
    const ticks = niceTicks(Math.max(0, low), high, 5), step = ticks[1] - ticks[0];
    const nights = SHELF.map(() => 0);
    return {
      key, truth, std, nights, left: state.budget, choice: null, last: [], best: truth.indexOf(Math.max(...truth)),
      range: [Math.max(0, Math.floor(low / step) * step), Math.ceil(high / step) * step],
      areas(i) { // of the nights so far
        if (areas[i].length !== nights[i]) {
          const z = normals(state.seed, nights[i], state.n, FIRST_NIGHTS + (state.common ? 0 : i));
          const paths = simulatePaths(programs[i], state.n, z, nights[i]), row = state.n + 1;
          areas[i] = Array.from({ length: nights[i] }, (_, j) => gainArea(paths.subarray(j * row, (j + 1) * row)));
        }
        return areas[i];
      },
      mean(i) { return nights[i] ? this.areas(i).reduce((a, b) => a + b) / nights[i] : NaN; },
    };
  }

  return (state) => {
    const key = [state.seed, state.n, state.spread, state.budget, state.common].join();
    if (game.key !== key) game = deal(state, key);
    const open = game.choice === null, spent = state.budget - game.left, rowOf = (i) => SHELF.length - i;
    const rankOf = (i) => game.truth.filter((value) => value > game.truth[i]).length + 1;
    chart.frame({ x: game.range, xTicks: niceTicks(...game.range, 4), y: [0.45, SHELF.length + 0.55], yTicks: SHELF.map((_, i) => i + 1), yFormat: () => "" });
    const inside = (area) => Math.min(Math.max(area, game.range[0]), game.range[1]);
    SHELF.forEach((name, i) => {
      const row = rowOf(i), areas = game.areas(i), mean = game.mean(i);
      runners[i].style.top = `${chart.y(row) - 15}px`;
      if (open) chart.hide("spread " + name, "truth " + name, "luck " + name);
      else {
        const { truth, std } = game;
        chart.band("spread " + name, [inside(truth[i] - std[i]), inside(truth[i] + std[i])], [row - 0.36, row - 0.36], [row + 0.36, row + 0.36], "arbook-band arbook-second");
        chart.line("truth " + name, [truth[i], truth[i]], [row - 0.42, row + 0.42], "arbook-line arbook-second arbook-strong-line");
      }
      if (!open && i === game.choice && areas.length) chart.line("luck " + name, [game.truth[i], inside(mean)], [row, row], "arbook-line arbook-luck");
      else chart.hide("luck " + name);
      chart.dots("nights " + name, areas.map(inside), areas.map(() => row), "arbook-dot arbook-first arbook-night", 4.5);
      if (areas.length) chart.line("mean " + name, [inside(mean), inside(mean)], [row - 0.3, row + 0.3], "arbook-line arbook-first arbook-strong-line");
      else chart.hide("mean " + name);
      runners[i].textContent = open ? "Run " + name : `${name} · ${ORDINALS[rankOf(i) - 1]}`;
      if (open) runners[i].setAttribute("aria-label", `Run ${name}: one night of program ${name}`);
      else runners[i].removeAttribute("aria-label");
      runners[i].classList.toggle("arbook-ranked", !open);
      runners[i].classList.toggle("arbook-top", !open && i === game.best);
      runners[i].classList.toggle("arbook-chosen", i === game.choice);
      if (game.told) chart.text("rank " + name, game.range[0], row, runners[i].textContent, "", { anchor: "end", dx: -8, dy: 4 });
      runners[i].disabled = !open || game.left === 0;
      choosers[i].disabled = spent === 0;
    });
    for (const part of [everyone, left, choices]) part.hidden = !open;
    chart.hide("ask", "luck for all");
    if (!spent) {
      const middle = (game.range[0] + game.range[1]) / 2;
      chart.text("ask", middle, 5.5, `${state.budget} nights to spend`, "arbook-hint", { anchor: "middle" });
      if (state.common) chart.text("luck for all", middle, 4.5, "with the same luck for all", "arbook-hint", { anchor: "middle" });
    }
    everyone.disabled = game.left < SHELF.length;
    left.textContent = `${game.left} of ${state.budget} nights left`;
    next.hidden = open;
    const nightWords = (count) => (count === 1 ? "one night" : `${count} nights`), area = (value) => formatNumber(value, 2);

    const sure = (nights) => formatNumber(bestWinsProbability(game.truth, game.std, nights), 2);
    const contest = bestWinsProbability([1.1 * USUAL_AREA, ...Array(7).fill(USUAL_AREA)], Array(8).fill(gainAreaStd(USUAL, 100)));
    const truth = contest > 0.9 ? 0 : contest < 0.3 ? 2 : 1;

    let sentence;
    if (open && !spent) {
      sentence = `Eight programs whose expected gain areas nobody knows. A run of a program is one night of ${state.n} experiments, and you have ${state.budget} nights. Spend them as you like, then choose a program.`;
    } else if (open) {
      const looks = looksBest(), [i] = game.last, latest = game.last.length > 1 ? "One more night of each."
        : `Program ${SHELF[i]}: a gain area of ${area(game.areas(i)[game.nights[i] - 1])}${game.nights[i] > 1 ? `, ${area(game.mean(i))} on average over ${nightWords(game.nights[i])}` : ""}.`;
      sentence = `${latest} So far ${SHELF[looks]} looks best, with ${area(game.mean(looks))} over ${nightWords(game.nights[looks])}. ${game.left ? `${nightWords(game.left)} left.`.replace(/^o/, "O") : "The budget is spent: choose."}`;
    } else {
      const c = game.choice, rank = rankOf(c), luck = game.mean(c) - game.truth[c];
      const place = rank === 1 ? "the best of the eight" : `only the ${ORDINALS[rank - 1]} of the eight; ${SHELF[game.best]} is the best with ${area(game.truth[game.best])}`;
      const measured = game.nights[c] ? ` Its measured mean, ${area(game.mean(c))} over ${nightWords(game.nights[c])}, ${luck > 0 ? "overstates" : "understates"} the truth by ${area(Math.abs(luck))}.` : " You never ran it.";
      const odds = state.common ? "" : ` With one night each, the best of this shelf would win with probability ${sure(1)}; with ten each, ${sure(10)}.`;
      const record = tally.games > 1 ? ` So far: the best found in ${tally.best} of ${tally.games} games, your choice overrated in ${tally.above}.` : "";
      sentence = `${game.told ? `Of ${nightWords(game.nights[c])} of each, those of ${SHELF[c]} look best` : `You chose ${SHELF[c]}`}: its expected gain area is ${area(game.truth[c])}, ${place}.${measured}${odds}${record}`;
    }
    return { sentence, truth };
  };
});
