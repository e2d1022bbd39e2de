// The bench of the update rule: the comparison itself, variant against incumbent, and the buttons below it.
import { keep } from "./model/rule.js";

const SECONDS_PER_EXPERIMENT = 0.8; // while playing

/** What the buttons do comes by `connect`. */
export function makeBench(panel) {
  const { element } = panel, row = element("div", "arbook-bench-row"), ask = element("div", "arbook-bench-ask");
  const cell = (words) => {
    const made = element("span", "arbook-bench-cell"), number = element("b");
    made.append(element("span", "arbook-bench-name", words), number);
    row.append(made);
    return number;
  };
  const mark = (className) => row.appendChild(element("span", className));
  const variant = cell("variant f(θ′)"), sign = mark("arbook-bench-sign");
  const incumbent = cell("incumbent f(θ*)"), verdict = mark("arbook-bench-verdict");

  let does = { step() {}, guess(_saysKeep) {}, play() {}, goesOn: () => false };
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const prompt = element("span", "arbook-bench-prompt");
  const guess = element("span", "arbook-bench-group"), play = element("span", "arbook-bench-group");
  const button = (name, words, parent, act) => {
    const made = panel.button(words, act, { parent });
    made.dataset.do = name;
    return made;
  };
  guess.append(prompt);
  const guesses = [
    button("keep", "Keep", guess, () => does.guess(true)),
    button("discard", "Discard", guess, () => does.guess(false)),
  ];
  for (const made of guesses) made.classList.add("arbook-primary");
  const stepButton = button("step", "Step", play, () => does.step());
  const playButton = button("play", "Play", play, () => {
    if (timer) return pause();
    playButton.textContent = "Pause";
    does.play();
    timer = setInterval(() => (does.goesOn() ? does.play() : pause()), SECONDS_PER_EXPERIMENT * 1000);
  });
  function pause() {
    clearInterval(timer);
    timer = undefined;
    playButton.textContent = does.goesOn() ? "Play" : "Again";
  }

  const box = element("div", "arbook-bench");
  ask.append(guess, play);
  box.append(row, ask);
  panel.below.append(box);

  return {
    connect(actions) { does = actions; },
    /** The decision of `f` against `best` (no variant: not yet), and the question about the next one. */
    show({ variant: f, best, metric, open, next, n, saidKeep }) {
      const none = f === undefined, crashed = Number.isNaN(f), kept = keep(f, best);
      variant.textContent = none ? "?" : crashed ? "none" : metric(f);
      incumbent.textContent = metric(best);
      sign.textContent = none || crashed || kept ? "<" : f === best ? "=" : ">";
      sign.dataset.unknown = none || crashed;
      const decision = open || none ? "" : crashed ? "crash" : kept ? "keep" : "discard";
      verdict.dataset.decision = decision;
      verdict.textContent = decision.toUpperCase() || "?";
      if (saidKeep !== undefined) {
        const words = saidKeep === kept ? "✓ you were right" : `✗ you said ${saidKeep ? "keep" : "discard"}`;
        verdict.append(element("span", "arbook-bench-hit", words));
      }
      guess.hidden = open;
      prompt.textContent = next ? `Variant ${next} of ${n}:` : `All ${n} decided.`;
      for (const made of [...guesses, stepButton]) made.setAttribute("aria-disabled", String(!next));
      if (!timer) playButton.textContent = next ? "Play" : "Again";
    },
  };
}
