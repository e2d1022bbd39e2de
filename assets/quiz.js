// Quizzes (ext/quizzes.py): choices become buttons, and the first choice at each question is kept in
// localStorage, here and nowhere else: { "quiz-name": true or false }.
const KEY = "arbook.quizzes";

/** @returns {Record<string, boolean>} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return Object.fromEntries(Object.entries(found ?? {}).filter(([, right]) => typeof right === "boolean"));
  } catch { return {}; } // no storage, or not ours: scores last as long as the page
}

let scores = kept();
const quizzes = [...document.querySelectorAll(".quiz")];
const sentence = Object.assign(document.createElement("output"), { className: "quiz-score" });
sentence.setAttribute("aria-live", "polite");

function say(verdict = "") {
  const here = quizzes.map((quiz) => scores[quiz.id]).filter((right) => right !== undefined);
  const all = Object.values(scores), right = (/** @type {boolean[]} */ answers) => answers.filter(Boolean).length;
  sentence.textContent = (verdict && `${verdict} `) + (all.length
    ? `Right at the first choice: ${right(here)} of ${quizzes.length} on this page, `
      + `${right(all)} of ${all.length} answered in the book.`
    : "Your first choice at each question counts; only this browser remembers it.");
}

/** @param {Record<string, boolean>} next */
function keep(next) {
  scores = next;
  try {
    if (Object.keys(scores).length) localStorage.setItem(KEY, JSON.stringify(scores));
    else localStorage.removeItem(KEY);
  } catch { /* as above */ }
  say();
}

/** @type {(button: Element, answer: HTMLElement, open: boolean) => void} */
function show(button, answer, open) {
  answer.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

for (const quiz of quizzes) {
  for (const folded of quiz.querySelectorAll("details")) {
    const right = folded.dataset.right === "true", words = folded.parentElement?.firstElementChild;
    if (!words) continue;
    const button = document.createElement("button"), answer = document.createElement("div");
    button.type = "button";
    button.className = "quiz-choice";
    button.append(...words.childNodes);
    words.replaceWith(button);
    folded.querySelector("summary")?.remove();
    answer.className = folded.className;
    answer.dataset.right = String(right);
    answer.append(...folded.childNodes);
    folded.replaceWith(answer);
    show(button, answer, false);
    button.addEventListener("click", () => {
      show(button, answer, Boolean(answer.hidden));
      button.dataset.right = String(right);
      if (!(quiz.id in scores)) keep({ ...kept(), ...scores, [quiz.id]: right });
      say(answer.hidden ? "" : (answer.querySelector(".quiz-verdict")?.textContent ?? ""));
    });
  }
}

function forget() {
  for (const button of document.querySelectorAll("button.quiz-choice")) {
    if (button.nextElementSibling instanceof HTMLElement) show(button, button.nextElementSibling, false);
    button.removeAttribute("data-right");
  }
  keep({});
}

/** @type {(label: string, act: () => void) => HTMLButtonElement} */
function tool(label, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  button.addEventListener("click", act);
  return button;
}

const tools = document.createElement("div");
tools.className = "quiz-tools";
tools.append(
  sentence,
  tool("Save my answers", () => {
    const file = new Blob([`${JSON.stringify(scores, null, 2)}\n`], { type: "application/json" });
    const link = document.createElement("a");
    Object.assign(link, { href: URL.createObjectURL(file), download: "quiz-answers.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }),
  tool("Forget them", forget),
);
quizzes.at(-1)?.after(tools);
say();
