// Stands in for sanitize-html (100 kB): the descriptions are our own, so they are shown as text.
/** @param {unknown} text */
export default function sanitizeHtml(text) {
  /** @type {Record<string, string>} */
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return String(text).replace(/[&<>"]/g, (c) => names[c]);
}
sanitizeHtml.defaults = { allowedTags: [], allowedAttributes: {} };
