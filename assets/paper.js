// The book on one page as a book: cover, contents, running heads, and places for the numbers of the pages to which
// its links lead. assets/pdf.py runs this in Chromium, prints, and fills in the numbers.

const COLOPHON = [
  "By the AutoResearch book authors. Text and figures are under CC BY 4.0, code under the MIT licence. "
    + "The real runs belong to their authors; the sources are named where they are shown.",
  "The explorers, and what else moves, are in the book's pages; here stand their pictures.",
  "Set in STIX Two Text, copyright 2001-2021 The STIX Fonts Project Authors, under the SIL Open Font License 1.1.",
];

/** @type {(tag: string, className: string, ...content: (string | Node)[]) => HTMLElement} */
function make(tag, className, ...content) {
  const made = Object.assign(document.createElement(tag), { className });
  made.append(...content);
  return made;
}

/** @type {(query: string, root?: ParentNode) => HTMLElement[]} */
const all = (query, root = document) => [...root.querySelectorAll(query)].filter((e) => e instanceof HTMLElement);

const article = all("article")[0], version = all("footer .version")[0].textContent ?? "";
for (const link of all("link[rel=stylesheet]")) {
  // of the site's styles paper wants the colours of code and boxes, and what formulas need
  if (/styles\/|togglebutton|copybutton|live|mystnb|exercise/.test(link.getAttribute("href") ?? "")) link.remove();
}
for (const gone of all("a.headerlink, script, .backrefs", article)) gone.remove();
for (const image of document.images) image.loading = "eager";

// The preface, and the other pages behind it.
const preface = all("section", article)[0], pages = all(":scope > .toctree-wrapper", preface);
document.body.replaceChildren(preface, ...pages);
// A link to a page leads to its title: the place before it is on the page before.
for (const start of all("[id^='document-']")) {
  const heading = start.nextElementSibling?.querySelector("h1, h2, h3"), name = start.id;
  start.remove();
  if (heading) heading.id = name;
}

/** @type {(heading: HTMLElement) => string} */
const words = (heading) => heading.textContent?.trim() ?? "";
/** @type {string[]} */
const heads = [];
const contents = make("ul", "");
/** @type {(heading: HTMLElement, className: string) => void} */
function enter(heading, className) {
  heading.id ||= `heading-${contents.childElementCount}`;
  const link = make("a", "", make("span", "title", words(heading)));
  link.setAttribute("href", `#${heading.id}`);
  contents.append(make("li", className, link));
}

let part = "";
for (const found of [preface, ...all("body > .toctree-wrapper > :is(p.part, section)")]) {
  if (found.matches("p")) {
    part = words(found);
    found.replaceWith(make("h1", "part", part));
    contents.append(make("li", "part", part));
    continue;
  }
  const title = all("h1, h2", found)[0], name = `chapter-${heads.length}`;
  const left = JSON.stringify(part || document.title), right = JSON.stringify(words(title));
  title.classList.add("chapter");
  found.style.page = name;
  heads.push(`@page ${name}:left { @top-right { content: ${left} } } `
    + `@page ${name}:right { @top-left { content: ${right} } }`);
  enter(title, "chapter");
  if (found !== preface) {
    for (const head of all(":scope > section > h3, :scope > div > section > h3", found)) enter(head, "section");
  }
}
document.head.append(make("style", "", heads.join("\n")));

// Links to what the site has and the book has not lead nowhere.
for (const link of all("a[href]")) {
  if (link instanceof HTMLAnchorElement && link.origin === location.origin && !link.hash) link.removeAttribute("href");
}

// Links that name a place in words or by a number, unless it is in the same section.
/** @type {(place: Element) => Element | null} */
const section = (place) => place.closest("section section, section");
for (const link of all("a[href*='#']:not(.contents a)")) {
  const [page, name] = (link.getAttribute("href") ?? "").split("#"), target = document.getElementById(name);
  if (!target || (page && page !== location.pathname.split("/").at(-1))) continue;
  link.setAttribute("href", `#${name}`);
  const places = ".std-numref, .std-ref, .std-doc, .see-answers *, .terms *", equation = /^\(\d/.test(words(link));
  if (!equation && !link.querySelector(places) && !link.matches(places)) continue;
  if (link.closest(".terms")) link.replaceChildren(make("span", "page")); // the index has numbers alone
  else if (section(link) !== section(target)) link.append(make("span", "page"));
}
for (const link of all("a", contents)) link.append(make("span", "page"));

document.body.prepend(
  make("header", "cover", Object.assign(make("img", ""), { src: "paper/cover.svg", alt: document.title })),
  make("section", "colophon", ...[document.title, version, ...COLOPHON].map((line) => make("p", "", line))),
  make("nav", "contents", make("h1", "chapter", "Contents"), contents),
);

// A formula or a table that is wider than the text becomes smaller: a page that is too wide makes all pages smaller.
for (const box of all("div.math, .table-scroll")) {
  for (let size = 1, tries = 0; tries < 4 && box.scrollWidth > box.clientWidth; tries++) {
    size *= box.clientWidth / (box.scrollWidth + 1);
    box.style.fontSize = `${size.toFixed(3)}em`;
  }
}
