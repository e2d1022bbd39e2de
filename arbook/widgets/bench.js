// The bench of the update rule: the comparison itself, variant against incumbent, and the buttons below it.
import { keep } from "./model/rule.js";

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

  let does = { guess(_saysKeep) {} };
  const prompt = element("span", "arbook-bench-prompt"), guess = element("span", "arbook-bench-group");
  guess.append(prompt);
  const guesses = ["Keep", "Discard"].map((words, i) => {
    const made = panel.button(words, () => does.guess(i === 0), { parent: guess });
    made.dataset.do = words.toLowerCase();
    made.classList.add("arbook-primary");
    return made;
  });

  const box = element("div", "arbook-bench");
  ask.append(guess);
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
      for (const made of guesses) made.setAttribute("aria-disabled", String(!next));
    },
  };
}
