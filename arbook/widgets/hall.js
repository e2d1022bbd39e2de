// The hall: an explorer on the whole screen, in large type, played by keys.
import { element, pushButton } from "./elements.js";

const FIELDS = "input, textarea, select, [contenteditable], [role=textbox], .cm-editor";
const OWN = { " ": "button, summary, a, [role=switch]", arrows: "[role=slider]" }; // what uses a key itself
const KEYS = [
  ["Space", "play, pause"], ["← →", "step"], ["N", "new seed"], ["R", "reset: asks again"],
  ["F", "full screen"], ["?", "these keys"],
];

/**
 * Full screen and keys of the explorer in `root`; the button stands in `bar`.
 * @param {HTMLElement} root
 * @param {Element} bar
 * @param {{ play: () => void, step: (by: number) => void, seed: () => void, reset: () => void,
 *   resize: () => void }} acts
 * @param {AbortSignal} signal
 */
export function makeHall(root, bar, { play, step, seed, reset, resize }, signal) {
  const help = element("dl", "arbook-keys");
  for (const [key, words] of KEYS) help.append(element("dt", "", key), element("dd", "", words));
  help.hidden = true;
  const inHall = () => root.dataset.hall !== undefined;
  const button = pushButton(bar, "Full screen", () => turn(!inHall()));
  const keys = pushButton(bar, "Keys", () => show(help.hidden === true));
  button.dataset.act = "hall";
  keys.dataset.act = "keys";
  root.append(help);
  const show = (/** @type {boolean} */ is) => {
    help.hidden = !is;
    keys.setAttribute("aria-expanded", String(is));
  };
  show(false);
  // Where the browser refuses, the explorer still fills the window.
  function turn(/** @type {boolean} */ is) {
    if (is) {
      root.dataset.hall = "";
      root.requestFullscreen?.().catch(() => {});
    } else {
      delete root.dataset.hall;
      if (document.fullscreenElement === root) document.exitFullscreen();
      show(false);
    }
    button.textContent = is ? "Leave full screen" : "Full screen";
    document.documentElement.classList.toggle("arbook-in-hall", is);
    resize();
  }
  let was = false;
  document.addEventListener("fullscreenchange", () => {
    const is = document.fullscreenElement === root;
    if (was && !is && inHall()) turn(false);
    was = is;
  }, { signal });

  const acts = {
    " ": play, ArrowRight: () => step(1), ArrowLeft: () => step(-1), n: seed, r: reset, f: () => turn(!inHall()),
    "?": () => show(help.hidden === true), Escape: () => { if (inHall()) turn(false); },
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const mine = inHall() || (target && root.contains(target)), chord = event.ctrlKey || event.metaKey || event.altKey;
    if (!mine || event.defaultPrevented || chord || target?.closest(FIELDS)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (target?.closest(key.startsWith("Arrow") ? OWN.arrows : key === " " ? OWN[" "] : ":not(*)")) return;
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, { signal, capture: true });
}
