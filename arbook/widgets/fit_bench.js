// The bench below a fit by hand: the score, and what can be asked for.
import { formatNumber } from "./numbers.js";

/** What the buttons do comes by `connect`. */
export function makeFitBench(panel) {
  const box = panel.element("div", "arbook-game"), score = panel.element("span", "arbook-score");
  const record = panel.element("span", "arbook-note");
  const number = panel.element("b");
  score.append("log likelihood ", number);
  box.append(score, record);
  let does = { reveal() {}, goThere() {}, count() {} };
  const buttons = panel.element("span", "arbook-choices");
  const reveal = panel.button("Reveal the best fit", () => does.reveal(), { parent: buttons });
  const there = panel.button("Move the sliders there", () => does.goThere(), { parent: buttons });
  const count = panel.button("Count catastrophes in", () => does.count(), { parent: buttons });
  reveal.classList.add("arbook-primary");
  reveal.dataset.do = "reveal";
  there.dataset.do = "go-there";
  count.dataset.do = "count";
  count.classList.add("arbook-switch");
  count.setAttribute("role", "switch");
  box.append(buttons);
  panel.below.append(box);
  return {
    connect(actions) { does = actions; },
    show({ veiled, likelihood, best, top, catastrophes, any }) {
      number.textContent = formatNumber(likelihood, 1);
      record.textContent = top !== null ? `largest possible ${formatNumber(top, 1)}`
        : best > likelihood + 0.05 ? `your best ${formatNumber(best, 1)}` : veiled ? "" : "your best so far";
      buttons.hidden = veiled;
      there.hidden = top === null;
      count.hidden = !any;
      count.setAttribute("aria-checked", String(catastrophes === 1));
      reveal.textContent = top === null ? "Reveal the best fit" : "Hide the best fit";
    },
  };
}
