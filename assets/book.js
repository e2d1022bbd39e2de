// What is wider than the page scrolls by itself; then it must be reachable by keyboard too.
const mark = () => {
  const inline = [...document.querySelectorAll(".bd-article mjx-container:not([display])")];
  const wide = inline.map((maths) => maths.firstElementChild.offsetWidth > maths.closest("p, li, dd, td, figcaption, .bd-article").clientWidth);
  inline.forEach((maths, i) => maths.classList.toggle("wide", wide[i]));
  for (const box of document.querySelectorAll(".bd-article :is(mjx-container:is([display], .wide), .table-scroll, pre, .output)")) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
addEventListener("load", () => {
  mark();
  window.MathJax?.startup?.promise.then(mark);
  const observer = new ResizeObserver(mark); // sidebars glide, so the text's width changes after the window's
  for (const text of document.querySelectorAll(".bd-article")) observer.observe(text);
});

// From a disk the search finds pages, but may not fetch them for excerpts.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Sphinx's search takes the dots in the anchor of arbook.frontier for classes, and fails where an excerpt would be empty.
if (typeof Search === "object") {
  const excerpt = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, words, anchor) =>
    excerpt(html, words, anchor && `#${CSS.escape(anchor.slice(1))}`) ?? new DocumentFragment();
}

// "Run here" and "Notebook": what they need is loaded when they are asked for.
document.addEventListener("click", async (event) => {
  const target = event.target.closest(".live-bar > [data-live-start], .live-bar > a");
  if (!target) return;
  const bar = target.parentElement, status = bar.querySelector("[role=status]");
  if (location.protocol === "file:") {
    event.preventDefault();
    status.textContent = "This page was opened from a disk, and browsers run Python only in pages that come from a server: "
      + "read the published book, or type make serve in a copy of its repository.";
  } else if (target.matches("button")) {
    try {
      (await import("./live/live.js")).boot(bar);
    } catch {
      status.textContent = "This part of the site cannot be reached. Check the network connection and try again.";
    }
  }
});
