// Below the cover's picture: what comes next, and the buttons that do it.

/**
 * What the buttons do: a call of keep or discard, the guess that was drawn, a night of the reader's own.
 * @param {import("./panel.js").Panel} panel
 * @param {{ call: (saysKeep: boolean) => void, commit: () => void, own: () => void }} does
 */
export function makeCalls(panel, { call, commit, own }) {
  const { element } = panel, box = element("div", "arbook-bench"), row = element("div", "arbook-bench-ask");
  const said = element("p", "arbook-bench-said"), prompt = element("span", "arbook-bench-prompt");
  const group = element("span", "arbook-bench-group");
  const button = (words, act) => {
    const made = panel.button(words, act, { parent: group });
    made.classList.add("arbook-primary");
    made.dataset.do = words.split(" ")[0].toLowerCase();
    return made;
  };
  const buttons = {
    call: [button("Keep", () => call(true)), button("Discard", () => call(false))],
    draw: [button("Show the truth", commit)],
    real: [button("Now run your own night", own)],
    own: [button("Another night", own)],
  };
  row.append(prompt, group);
  box.append(row, said);
  panel.below.append(box);
  return {
    /** What has happened, what is to do now, and what there is to press. */
    show(/** @type {keyof typeof buttons} */ now, /** @type {{ said: string, prompt: string }} */ words) {
      said.textContent = words.said;
      said.hidden = now === "real"; // else its room is kept, so that what is pressed stays where it is
      prompt.textContent = words.prompt;
      for (const [name, some] of Object.entries(buttons)) for (const made of some) made.hidden = name !== now;
    },
    /** Bring the buttons into view, and the focus to the first of them. */
    start() {
      box.scrollIntoView({ block: "center", behavior: "instant" });
      buttons.call[0].focus({ preventScroll: true });
    },
  };
}
