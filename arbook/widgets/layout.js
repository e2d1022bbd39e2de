// The room of charts: on a phone the picture must leave some for the sliders below it; in a hall it fills its side.
const PHONE = 480; // pixels of width
const PINNED = 0.46; // share of a phone's screen
const SHORTEST = 118; // pixels of a chart's height
const ENLARGED = 1.85; // 13 pixels are 24 in a hall of 1920 by 1080
const TWO_COLUMNS = 800; // pixels of a hall's width, as in explorers.css
const TITLE = 22; // pixels of the words above a chart

/**
 * What the page leaves to each of the charts of an explorer.
 * @type {(root: HTMLElement, figure: HTMLElement) => import("./canvas.js").Room}
 */
export function roomOf(root, figure) {
  const hall = root.dataset.hall !== undefined && innerWidth >= TWO_COLUMNS;
  if (!hall && !(root.clientWidth < PHONE)) return {};
  const charts = [...figure.children].filter((host) => host instanceof HTMLElement && host.offsetParent);
  const rows = Math.max(1, new Set(charts.map((host) => /** @type {HTMLElement} */ (host).offsetTop)).size);
  if (hall) {
    const said = /** @type {HTMLElement} */ (root.querySelector(".arbook-sentence")).offsetHeight; // it stands below
    const scale = Math.min(ENLARGED, Math.max(1, ENLARGED * Math.min(innerWidth / 1920, innerHeight / 1080)));
    return { fill: true, scale, most: (innerHeight - 48 - said) / rows - 2 * scale * TITLE };
  }
  return { most: Math.max(SHORTEST, (PINNED * innerHeight) / rows - TITLE) };
}

/**
 * Let parts that stand above the picture stand before `next` on a phone, below the picture: so an answer and the
 * picture are seen together, and the picture stays in view where a part changes it.
 * @type {(parts: Element[], next: Element, signal: AbortSignal) => void}
 */
export function belowOnPhone(parts, next, signal) {
  const phone = globalThis.matchMedia?.(`(max-width: ${PHONE}px)`); // as in explorers.css
  if (!phone) return;
  const homes = parts.map((part) => {
    const home = document.createComment("");
    part.before(home);
    return home;
  });
  const place = () => parts.forEach((part, i) => { if (phone.matches) next.before(part); else homes[i].after(part); });
  phone.addEventListener("change", place, { signal });
  place();
}

/** Scroll so that the answer in words and as much of the picture as there is room for are in view. */
export function showBoth(/** @type {Element} */ question, /** @type {Element} */ picture) {
  // where the picture is in view, the answer may still be behind the page's header
  const block = picture.getBoundingClientRect().bottom <= innerHeight ? "nearest" : "start";
  question.querySelector(".arbook-verdict")?.scrollIntoView({ block, behavior: "instant" });
}

/** Do what changes heights above `anchor`, and let that stay where the reader sees it. */
export function keepInPlace(/** @type {Element} */ anchor, /** @type {() => void} */ change) {
  const before = anchor.getBoundingClientRect?.().top;
  const hold = () => {
    const moved = anchor.getBoundingClientRect?.().top - before;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
  };
  change();
  hold(); // at once: what a finger has touched must be there when it is lifted
  requestAnimationFrame(hold);
}
