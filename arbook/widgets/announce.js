// What a screen reader is told: the sentence once a control rests, not every one on the way.
import { element } from "./elements.js";

/** Milliseconds without a change after which a control rests. */
export const REST = 600;

/** A voice in `root`: what it is given last is said, and the first words, which a reader comes to, are not. */
export function makeVoice(/** @type {Element} */ root) {
  const said = element("div", "arbook-said");
  said.setAttribute("role", "status");
  root.append(said);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let known = "";
  return {
    say(/** @type {string} */ words) {
      clearTimeout(timer);
      if (known && words !== known) timer = setTimeout(() => { said.textContent = known = words; }, REST);
      known ||= words;
    },
    stop() { clearTimeout(timer); },
  };
}
