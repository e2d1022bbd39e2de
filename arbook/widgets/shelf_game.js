// A game on a shelf of programs: nights that were spent, what they measured, and what is to be said of it.
import { normals } from "./model/draws.js";
import { gainArea } from "./model/measures.js";
import { bestWinsProbability } from "./model/selection.js";
import { makeShelf } from "./model/shelf.js";
import { simulatePaths } from "./model/simulation.js";
import { expectedGainArea, gainAreaStd } from "./model/totals.js";
import { formatNumber, range } from "./numbers.js";
import { niceTicks } from "./ticks.js";

/** The names of the programs. */
export const SHELF = [..."ABCDEFGH"];
/** Places, as words. */
export const ORDINALS = ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th"];

const FIRST_NIGHTS = 10; // stream of the first program's nights

/**
 * A new game: the programs' truth, the nights of each so far, and `left` to spend. `choice` is the program that was
 * chosen, `last` those that ran last; `told` says that nobody played.
 */
export function deal({ seed, n, spread, budget, common }) {
  const programs = makeShelf(seed, SHELF.length, spread), nights = SHELF.map(() => 0);
  const truth = programs.map((p) => expectedGainArea(p, n)), std = programs.map((p) => gainAreaStd(p, n));
  const low = Math.max(0, Math.min(...truth.map((mean, i) => mean - 3 * std[i])));
  const high = Math.max(...truth.map((mean, i) => mean + 3.2 * std[i]));
  const ticks = niceTicks(low, high, 5), step = ticks[1] - ticks[0];
  /** @type {number[][]} */
  const known = SHELF.map(() => []);
  const game = {
    truth, std, nights, left: budget, told: false, best: truth.indexOf(Math.max(...truth)),
    choice: /** @type {number | null} */ (null), last: /** @type {number[]} */ ([]),
    range: [Math.floor(low / step) * step, Math.ceil(high / step) * step],
    /** Gain areas of a program's nights so far. */
    areas(i) {
      if (known[i].length !== nights[i]) {
        const z = normals(seed, nights[i], n, FIRST_NIGHTS + (common ? 0 : i)), row = n + 1;
        const paths = simulatePaths(programs[i], n, z, nights[i]);
        known[i] = range(nights[i]).map((j) => gainArea(paths.subarray(j * row, (j + 1) * row)));
      }
      return known[i];
    },
    mean: (i) => (nights[i] ? game.areas(i).reduce((a, b) => a + b) / nights[i] : NaN),
    /** The program of the largest mean so far. */
    looksBest: () => {
      const ran = range(SHELF.length).filter((i) => nights[i]);
      return ran.reduce((a, b) => (game.mean(b) > game.mean(a) ? b : a));
    },
    /** How many programs are truly better. */
    rank: (i) => truth.filter((value) => value > truth[i]).length,
  };
  return game;
}

const nightWords = (count) => (count === 1 ? "one night" : `${count} nights`);
const areaOf = (value) => formatNumber(value, 2);

/** The sentence of a game that goes on. */
export function saidOfNights(game, { n, budget }) {
  if (game.left === budget) {
    return "Eight programs whose expected gain areas nobody knows. A run of a program is one night of "
      + `${n} experiments, and you have ${budget} nights. Spend them as you like, then choose a program.`;
  }
  const looks = game.looksBest(), [i] = game.last, nights = game.nights[i];
  const average = nights > 1 ? `, ${areaOf(game.mean(i))} on average over ${nightWords(nights)}` : "";
  const latest = game.last.length > 1 ? "One more night of each."
    : `Program ${SHELF[i]}: a gain area of ${areaOf(game.areas(i)[nights - 1])}${average}.`;
  const left = game.left ? `${nightWords(game.left)} left.`.replace(/^o/, "O") : "The budget is spent: choose.";
  const over = nightWords(game.nights[looks]);
  return `${latest} So far ${SHELF[looks]} looks best, with ${areaOf(game.mean(looks))} over ${over}. ${left}`;
}

/** The sentence once a program is chosen; `tally` counts the games before. */
export function saidOfChoice(game, { common }, tally) {
  const c = game.choice, rank = game.rank(c), luck = game.mean(c) - game.truth[c], nights = nightWords(game.nights[c]);
  const who = game.told ? `Of ${nights} of each, those of ${SHELF[c]} look best` : `You chose ${SHELF[c]}`;
  const best = `${SHELF[game.best]} is the best with ${areaOf(game.truth[game.best])}`;
  const place = rank === 0 ? "the best of the eight" : `only the ${ORDINALS[rank]} of the eight; ${best}`;
  let words = `${who}: its expected gain area is ${areaOf(game.truth[c])}, ${place}.`;
  if (!game.nights[c]) words += " You never ran it.";
  else {
    words += ` Its measured mean, ${areaOf(game.mean(c))} over ${nights}, `
      + `${luck > 0 ? "overstates" : "understates"} the truth by ${areaOf(Math.abs(luck))}.`;
  }
  const [one, ten] = [1, 10].map((count) => formatNumber(bestWinsProbability(game.truth, game.std, count), 2));
  if (!common) {
    words += ` With one night each, the best of this shelf would win with probability ${one}; with ten each, ${ten}.`;
  }
  if (tally.games < 2) return words;
  return `${words} So far: the best found in ${tally.best} of ${tally.games} games, `
    + `your choice overrated in ${tally.above}.`;
}
