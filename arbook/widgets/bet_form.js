// A bet on a forecast: the reader's interval, "from ... to ...".
import { significant } from "./numbers.js";

/** The form: `commit` is called with both ends, `show` where the reader only wants to see, `changed` as it fills. */
export function makeBetForm(panel, { commit, show, changed }) {
  const form = panel.element("form", "arbook-game arbook-guess arbook-bet"), unitWords = panel.element("span");
  const ask = panel.element("span", "arbook-bet-ask"), note = panel.element("span", "arbook-note");
  form.noValidate = true;
  note.setAttribute("role", "alert");
  const field = (words, name) => {
    const label = panel.element("label", "", `${words} `), input = panel.element("input");
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", size: 6, name });
    label.append(input);
    form.append(label);
    return input;
  };
  form.append(ask);
  const low = field("from", "low"), high = field("to", "high");
  form.append(unitWords, panel.element("button", "arbook-button arbook-primary", "Commit"));
  panel.button("Just show me", show, { parent: form }).dataset.do = "show";
  form.append(note);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [a, b] = numbers();
    if (a >= 0 && b >= a) { note.textContent = ""; return commit(a, b); }
    note.textContent = "Write two numbers, neither below 0, the smaller one first.";
    (a >= 0 ? high : low).focus();
  });
  panel.below.append(form);
  let shown = "";
  const numbers = () => [low, high].map((input) => Number(input.value.trim().replace(",", ".") || NaN));
  form.addEventListener("input", changed);
  return {
    /** What stands in the fields. */
    numbers,
    /** Write what is drawn into the fields, the smaller number first. */
    fill(a, b) {
      [low.value, high.value] = [Math.min(a, b), Math.max(a, b)].map((value) => significant(value));
      changed();
    },
    show({ hidden, level, unit, more, key }) {
      form.hidden = hidden;
      ask.textContent = `Your ${level} % interval for the gain of the next ${more}:`;
      unitWords.textContent = unit;
      if (shown !== key) { low.value = high.value = note.textContent = ""; shown = key; }
    },
  };
}
