const SMALLEST = 0.75; // of the size of a formula that has room
const LONGEST = 120; // characters of a line of columns: what is longer is an object's words, which wrap

// Where more stands: to the left or to the right of what a box shows.
/** @type {(box: HTMLElement) => void} */
const shade = (box) => {
  const left = box.scrollLeft > 1, right = box.scrollLeft < box.scrollWidth - box.clientWidth - 1;
  if (left || right) box.dataset.more = left && right ? "both" : left ? "left" : "right";
  else delete box.dataset.more;
};
document.addEventListener("scroll", ({ target }) => {
  if (target instanceof HTMLElement && target.dataset.more) shade(target);
}, { capture: true, passive: true });
const editors = new ResizeObserver((changes) => { // what is written makes an editor's text wider
  for (const { target: { parentElement } } of changes) if (parentElement) shade(parentElement);
});

// Whether lines are aligned: in most, a gap of two blanks or more begins or ends where another line's does.
/** @type {(text: string) => boolean} */
const hasColumns = (text) => {
  const lines = text.trimEnd().split("\n"), seen = new Map();
  const edges = lines.map((line) => Array.from(line.matchAll(/\S( {2,})(?=\S)/g),
    ({ index, 1: gap }) => [`from ${index}`, `to ${index + gap.length}`]).flat());
  for (const edge of edges.flat()) seen.set(edge, (seen.get(edge) ?? 0) + 1);
  const aligned = edges.filter((line) => line.some((edge) => seen.get(edge) > 1));
  return 2 * aligned.length > lines.length && lines.every((line) => line.length <= LONGEST);
};

// A formula that is wider than the page shrinks, but stays readable. What is still wider scrolls by
// itself; then it must be reachable by keyboard too.
const mark = () => {
  /** @type {(query: string) => HTMLElement[]} */
  const all = (query) => [...document.querySelectorAll(`.bd-article ${query}`)].filter((e) => e instanceof HTMLElement);
  const inline = all("span.math > .katex");
  for (const maths of inline) maths.classList.remove("wide", "long"); // with them none is wider than its text
  const wide = inline.map((maths) => {
    const text = maths.closest("p, li, dd, td, figcaption, .bd-article");
    return text !== null && maths.offsetWidth > text.clientWidth;
  });
  const long = inline.map((maths) => {
    const lefts = Array.from(maths.querySelectorAll(".katex-base"), (base) => base.getBoundingClientRect().left);
    return lefts.some((left, i) => left <= lefts[i - 1]);
  });
  inline.forEach((maths, i) => {
    maths.classList.toggle("wide", wide[i]);
    maths.classList.toggle("long", long[i] && !wide[i]);
    if (wide[i]) return;
    maths.removeAttribute("tabindex"); // KaTeX's own blanks stick out of it
    delete maths.dataset.more;
  });
  const formulas = all(".katex-display");
  for (const formula of formulas) formula.style.removeProperty("--fit");
  const fits = formulas.map((formula) => formula.clientWidth / formula.scrollWidth);
  formulas.forEach((formula, i) => {
    if (fits[i] < 1) formula.style.setProperty("--fit", `${Math.max(SMALLEST, 0.99 * fits[i])}`);
  });
  for (const output of all("div.cell_output pre")) {
    output.classList.toggle("aligned", hasColumns(output.textContent ?? ""));
  }
  for (const text of all(".cm-content")) editors.observe(text);
  for (const box of all(":is(.katex-display, .katex.wide, .table-scroll, pre, .output)")) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    shade(box);
  }
};
addEventListener("load", () => {
  mark();
  document.fonts.ready.then(mark);
  const observer = new ResizeObserver(mark); // sidebars glide, so the text's width changes after the window's
  for (const text of document.querySelectorAll(".bd-article")) observer.observe(text);
});

// A button that unfolds a hint or a solution says whose it is. The theme makes them all alike when the page has loaded.
addEventListener("load", () => {
  let exercise = "";
  for (const found of document.querySelectorAll(".bd-article :is(.exercise, .toggle-button)")) {
    const words = (found.matches(".exercise") ? found : found.parentElement)?.textContent ?? "";
    const title = (found.querySelector(".admonition-title")?.textContent ?? words).replace(/\s+/g, " ").trim();
    if (found.matches(".exercise")) exercise = title;
    else {
      const whose = document.createElement("span"); // after "Click to show", which is seen
      whose.className = "visually-hidden";
      whose.textContent = found.closest(".hint") ? `${title}, ${exercise}` : title;
      found.removeAttribute("aria-label");
      found.append(whose);
    }
  }
});

// In a field Ctrl+K is the field's: the theme, which takes it for a wish to search, is heard after this script.
addEventListener("keydown", (event) => {
  const field = event.target instanceof HTMLElement
    && (event.target.isContentEditable || event.target.matches("input, textarea, select"));
  if (field && (event.ctrlKey || event.metaKey) && /^k$/i.test(event.key)) event.stopImmediatePropagation();
}, true);

// From a disk the search finds pages, but may not fetch them for excerpts.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// Sphinx's search takes the dots in the anchor of arbook.frontier for classes, and fails where an excerpt
// would be empty. Formulas stand in excerpts as TeX.
if (typeof Search === "object") {
  const excerpt = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, words, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const maths of page.querySelectorAll(".katex")) {
      maths.replaceWith(maths.querySelector("annotation")?.textContent ?? "");
    }
    const part = anchor && `#${CSS.escape(anchor.slice(1))}`;
    return excerpt(page.documentElement.outerHTML, words, part) ?? new DocumentFragment();
  };
}

// "Run here" and "Notebook": what they need is loaded when they are asked for.
const LIVE = "./live/live.js"; // beside this file on the site, not here
document.addEventListener("click", async (event) => {
  const pressed = event.target instanceof Element ? event.target : null;
  const target = pressed?.closest(".live-bar > [data-live-start], .live-bar > a");
  const bar = target?.parentElement, status = bar?.querySelector("[role=status]");
  if (!target || !status) return;
  if (location.protocol === "file:") {
    event.preventDefault();
    status.textContent = "This page was opened from a disk, and browsers run Python only in pages that come from "
      + "a server: read the published book, or type make serve in a copy of its repository.";
  } else if (target.matches("button")) {
    try {
      (await import(LIVE)).boot(bar);
    } catch {
      status.textContent = "This part of the site cannot be reached. Check the network connection and try again.";
    }
  }
});
