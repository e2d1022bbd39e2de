// What stands below the controls of a page: the link to this state, and the reader's scores.
import { scoreKeeper, writeFragment } from "./state.js";
import { element, pushButton } from "./elements.js";

/**
 * Link and scores in `tools`; `values` gives the state that the link opens, on a page that has an address for it.
 * @param {Element} tools
 * @param {string} name
 * @param {(() => Record<string, number>) | null} values
 */
export function makeTools(tools, name, values) {
  const scores = scoreKeeper(name), words = element("span", "arbook-scores");
  if (values) {
    const linked = element("span", "arbook-note");
    linked.setAttribute("role", "status");
    pushButton(tools, "Link to this state", async () => {
      const fragment = writeFragment(name, values());
      history.replaceState(null, "", fragment);
      try { await navigator.clipboard.writeText(location.href); linked.textContent = `Copied: ${fragment}`; }
      catch { linked.textContent = `The address bar has it: ${fragment}`; }
    }).dataset.act = "link";
    tools.append(linked);
  }
  tools.append(words);
  const forget = pushButton(tools, "Forget my scores", () => { scores.reset(); show(); });
  function show() {
    const { tries, hits } = scores.get();
    words.textContent = tries ? `Your guesses here: ${hits} of ${tries} right or close.` : "";
    forget.hidden = !tries;
  }
  show();
  return { score(/** @type {boolean} */ hit) { scores.add(hit); show(); } };
}
