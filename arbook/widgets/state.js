// What outlives a redraw: a link that reopens an explorer as it is, and the reader's guess scores.
// Nothing else is stored, and nothing leaves the page.
import { rounded } from "./numbers.js";

/**
 * The fragment that reopens explorer `name` with these values, as in "#frontier?sigma0=0.02&seed=3".
 * @type {(name: string, values: Record<string, number>) => string}
 */
export function writeFragment(name, values) {
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${rounded(value, 12)}`);
  return `#${name}?${pairs.join("&")}`;
}

/**
 * The values in a fragment for explorer `name`, or null: known keys and finite numbers only.
 * @type {(fragment: string, name: string, keys: string[]) => Record<string, number> | null}
 */
export function readFragment(fragment, name, keys) {
  let plain;
  try { plain = decodeURIComponent(fragment.replace(/^#/, "")); } catch { return null; } // an address of something else
  const [head, query] = plain.split("?");
  if (head !== name || query === undefined) return null;
  /** @type {Record<string, number>} */
  const values = {};
  for (const pair of query.split("&")) {
    const [key, text] = pair.split("="), value = Number(text);
    if (keys.includes(key) && text && Number.isFinite(value)) values[key] = value;
  }
  return values;
}

/**
 * Bring what a link names into view by its top, again once the page above it has its final height, unless the reader
 * has moved meanwhile.
 */
export async function openAt(/** @type {HTMLElement} */ target) {
  const moves = ["wheel", "touchstart", "pointerdown", "keydown"], watch = new AbortController();
  for (const move of moves) addEventListener(move, () => watch.abort(), { signal: watch.signal, capture: true });
  const show = () => { if (!watch.signal.aborted) target.scrollIntoView({ block: "start", behavior: "instant" }); };
  show();
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  await document.fonts.ready;
  show();
  setTimeout(() => { show(); watch.abort(); }, 500); // explorers above take the place of their stills
}

/** The guesses at one explorer: { tries, hits }, in localStorage where the browser allows it. */
export function scoreKeeper(name) {
  const key = `arbook.guesses.${name}`;
  let score = { tries: 0, hits: 0 };
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    if (Number.isInteger(kept?.tries) && Number.isInteger(kept?.hits)) score = { tries: kept.tries, hits: kept.hits };
  } catch { /* no storage: scores last as long as the page */ }
  return {
    get: () => score,
    add(hit) {
      score = { tries: score.tries + 1, hits: score.hits + (hit ? 1 : 0) };
      try { localStorage.setItem(key, JSON.stringify(score)); } catch { /* as above */ }
    },
    reset() {
      score = { tries: 0, hits: 0 };
      try { localStorage.removeItem(key); } catch { /* as above */ }
    },
  };
}
