// Elements of a panel.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [words]
 */
export function element(tag, className, words) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (words !== undefined) made.textContent = words;
  return made;
}

/**
 * A button at the end of `parent`.
 * @type {(parent: Element, words: string, act: () => void, title?: string) => HTMLButtonElement}
 */
export function pushButton(parent, words, act, title = "") {
  const button = element("button", "arbook-button", words);
  button.type = "button";
  if (title) button.title = title;
  button.addEventListener("click", act);
  parent.append(button);
  return button;
}

/** Whether nothing may move that the reader did not move. */
export function isStill() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? true;
}
