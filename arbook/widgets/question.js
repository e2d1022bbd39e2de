// The question before: it is asked, guessed at, answered in words, and asked again.
import { formatNumber } from "./numbers.js";
import { element, pushButton } from "./elements.js";

/** The answer in words: beside the reader's, if there is one, and why it is so. */
function answerOf(asked, truth, given) {
  const { choices, unit, digits, because } = asked;
  if (choices) {
    if (given === null) return { hit: false, words: `It is: ${choices[truth]}. ${because}` };
    const hit = given === truth, so = hit ? "So it is." : `It is: ${choices[truth]}.`;
    return { hit, words: `You said: ${choices[given]}. ${so} ${because}` };
  }
  const say = (number) => formatNumber(number, digits);
  if (given === null) return { hit: false, words: `The truth is ${say(truth)} ${unit}. ${because}` };
  const off = Math.abs(given / truth - 1), hit = off <= 0.25;
  const near = Math.abs(Math.log(given / truth)) <= Math.LN2;
  const far = near ? "Within a factor of two." : "Far off: worth finding out why.";
  const how = off <= 0.1 ? "Very close." : hit ? "Close." : far;
  return { hit, words: `You guessed ${say(given)}, the truth is ${say(truth)} ${unit}. ${how} ${because}` };
}

/**
 * The question of an explorer in `box`. `begin` brings the start values, which it is about, `told` is called once it
 * is answered, `answered` after the reader has answered, `wasAsked` once it is asked again, `offered` when what stands
 * in the field has changed, `score` counts a guess.
 * @param {HTMLElement} box
 * @param {any} asked
 * @param {{ begin: () => void, asked: () => void, told: () => void, offered: () => void,
 *   answered: () => void, score: (hit: boolean) => void }} calls
 */
export function makeQuestion(box, asked, { begin, asked: wasAsked, told, offered, answered, score }) {
  const text = element("p", "arbook-ask", asked.text), verdict = element("p", "arbook-verdict");
  const note = element("p", "arbook-seen"), form = element("form", "arbook-guess");
  const again = pushButton(box, "Ask me again", () => { question.ask(); first()?.focus({ preventScroll: true }); });
  const first = () => /** @type {HTMLElement | null} */ (form.querySelector("input, button"));
  verdict.tabIndex = -1;
  form.noValidate = true;
  again.dataset.act = "ask";
  again.before(text, form, verdict, note);
  /** @type {HTMLInputElement | undefined} */
  let field;
  const number = () => Number(field?.value.trim().replace(",", ".") || NaN);

  const question = {
    /** Whether it waits for an answer. */
    open: true,
    /** What the reader said, if anything. */
    guess: /** @type {{ value: number | null, index: number | null } | null} */ (null),
    /** Whether it was answered, not only left. */
    answered: false,
    /** What was answered, in words. */
    get words() { return verdict.textContent ?? ""; },
    /** What there is to see in a preset. */
    note,
    /** The true answer, once it is known. */
    truth: NaN,
    /** The number that stands in the field, or null: a guess that is drawn is written there, too. */
    get offer() { return question.open && number() > 0 ? number() : null; },
    /** @param {number} value */
    fill(value) {
      if (!field || !question.open || !(value > 0)) return;
      field.value = formatNumber(value, asked.digits);
      offered();
    },
    /** Answer with what stands in the field. */
    commit() { form.requestSubmit(); },
    /** Ask it, from the start. */
    ask() {
      begin();
      question.open = true;
      question.answered = false;
      question.guess = null;
      if (field) field.value = "";
      verdict.textContent = note.textContent = "";
      wasAsked();
      show();
    },
    /** Answer it in words; the picture does so at the same time. */
    tell() {
      if (!question.open) return;
      question.open = false;
      question.answered = fresh = true;
      told();
      const { guess } = question, given = guess && (asked.choices ? guess.index : guess.value);
      const { hit, words } = answerOf(asked, question.truth, given);
      verdict.textContent = words;
      if (guess) score(hit);
      show();
    },
    /** Leave it unasked, where a link opens another state. */
    leave() {
      question.open = question.answered = false;
      verdict.textContent = "";
      show();
    },
    /** Another state than the one that it is about is shown; of a preset, what there is to see. */
    away(/** @type {boolean} */ is, /** @type {string} */ seen) {
      note.textContent = seen;
      text.textContent = is && !question.open ? `Asked at the start: ${asked.text}` : asked.text;
      show(is && Boolean(seen) && !fresh);
    },
    /** What has been answered need not stand over another preset. */
    rest() { if (!question.open) fresh = false; },
  };
  let fresh = false; // the answer has only just come
  function show(folded = false) {
    form.hidden = !question.open;
    again.hidden = question.open;
    again.textContent = verdict.textContent ? "Ask me again" : "Ask me";
    verdict.hidden = question.open || folded || !verdict.textContent;
    text.hidden = folded || (!question.open && !verdict.textContent);
    note.hidden = !note.textContent;
  }

  const answer = (value) => {
    question.guess = asked.choices ? { value: null, index: value } : { value, index: null };
    reveal();
  };
  const reveal = () => {
    begin();
    question.tell();
    verdict.focus({ preventScroll: true });
    answered();
  };
  if (asked.choices) {
    for (const [index, words] of asked.choices.entries()) pushButton(form, words, () => answer(index));
    form.addEventListener("submit", (event) => event.preventDefault());
  } else {
    const label = element("label", "", "Your guess "), input = element("input");
    const alert = element("span", "arbook-note");
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", size: 5, name: "guess" });
    label.append(input, ` ${asked.unit}`);
    alert.setAttribute("role", "alert");
    form.append(label, element("button", "arbook-button arbook-primary", "Commit"), alert);
    input.addEventListener("input", offered);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (number() > 0) return answer(number());
      alert.textContent = `Write a number above 0, such as ${asked.example}.`;
      input.focus();
    });
    field = input;
  }
  pushButton(form, "Just show me", reveal);
  show();
  return question;
}
