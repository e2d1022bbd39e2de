// SVG elements, and text that is broken into lines.

const SVG_NS = "http://www.w3.org/2000/svg";

/**
 * An SVG element with these attributes, at the end of `parent` if there is one.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {Element} [parent]
 */
export function svgElement(tag, attributes, parent) {
  const element = document.createElementNS(SVG_NS, tag);
  for (const key in attributes) element.setAttribute(key, String(attributes[key]));
  if (parent) parent.append(element);
  return element;
}

/**
 * Give an element an attribute, unless it has it: a browser lays out and paints anew what is written as it was.
 * @type {(element: Element, name: string, value: string) => void}
 */
export function put(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Height of a line of a hint. */
export const LINE = 19;

/**
 * Break an element's words into lines that are no longer than `room`; return how many there are.
 * @type {(element: SVGTextElement, room: number) => number}
 */
export function breakLines(element, room) {
  if (element.getComputedTextLength() <= room) return 1;
  const words = (element.textContent ?? "").split(" "), x = element.getAttribute("x") ?? 0;
  element.textContent = "";
  /** @type {SVGTSpanElement | undefined} */
  let line;
  let text = "";
  for (const word of words) {
    if (line) {
      line.textContent = `${text} ${word}`;
      if (line.getComputedTextLength() <= room) { text = line.textContent; continue; }
      line.textContent = `${text} `; // so that what is copied or found has two words
    }
    line = svgElement("tspan", { x, dy: line ? LINE : 0 }, element);
    line.textContent = text = word;
  }
  return element.childElementCount;
}
