// What a reader who is the agent has tried: a log as a file, and as the end of a link.
import { Fate } from "./model/loop.js";

/** Places of a knob that a link can say: characters of a link. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
export const PLACES = LETTERS.length;
const NAME = "#night-agent=";

/** Digits of a measurement in the file. */
export const DIGITS = 6;

/**
 * An experiment of the reader's: places of the knobs, and what was decided.
 * @typedef {{ places: number[], kept: boolean }} Tried
 */

/** The link's end for a seed and what was tried. @type {(seed: number, tried: Tried[]) => string} */
export function writeTried(seed, tried) {
  const rows = tried.map(({ places, kept }) => places.map((place) => LETTERS[place]).join("") + (kept ? "K" : "D"));
  return `${NAME}${seed}.${rows.join("")}`;
}

/**
 * What a link's end says, or null: a seed, and whole experiments, at most so many.
 * @type {(fragment: string, knobs: number, most: number) => { seed: number, tried: Tried[] } | null}
 */
export function readTried(fragment, knobs, most) {
  const found = /^#night-agent=(\d{1,9})\.([\w-]*)$/.exec(fragment), size = knobs + 1;
  if (!found || found[2].length % size || found[2].length > most * size) return null;
  const tried = [];
  for (let at = 0; at < found[2].length; at += size) {
    const row = found[2].slice(at, at + size), decided = row[knobs];
    if (decided !== "K" && decided !== "D") return null;
    tried.push({ places: [...row.slice(0, knobs)].map((letter) => LETTERS.indexOf(letter)), kept: decided === "K" });
  }
  return { seed: Number(found[1]), tried };
}

/**
 * The log as tab-separated values, as real loops write it: 0 where it crashed.
 * @type {(baseline: number, measured: number[], fates: number[], words: string[]) => string}
 */
export function tableOf(baseline, measured, fates, words) {
  const names = { [Fate.KEEP]: "keep", [Fate.DISCARD]: "discard", [Fate.CRASH]: "crash" };
  const rows = measured.map((value, i) => [i + 1, (value || 0).toFixed(DIGITS), names[fates[i]], words[i]]);
  const head = ["experiment", "val_bpb", "status", "description"];
  const all = [head, [0, baseline.toFixed(DIGITS), "keep", "baseline"], ...rows];
  return `${all.map((row) => row.join("\t")).join("\n")}\n`;
}
