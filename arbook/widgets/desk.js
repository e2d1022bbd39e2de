// The reader's own log: a file picker and drop zone, what has to be said about a file, and how it is read.
import { formatNumber, plural } from "./numbers.js";
import { choosersOf, named } from "./log_choosers.js";
import { CHOOSERS } from "./log_parts.js";
import { beginReading } from "./log_reading.js";

const LARGEST_FILE = 10e6; // bytes
const MOST_SEQUENCES = 500; // the last ones, of which a reader can choose one
const SOON = 150; // milliseconds in which most files are read, and nothing need be said of it

/**
 * A file that was read.
 * @typedef {{ name: string, bytes: Uint8Array, log: any, segment: number, wishes: object }} OwnLog
 */

/**
 * The desk above the picture.
 * @param {import("./panel.js").Panel} panel
 * @param {{ opened: (file: OwnLog) => void, changed: () => void, show: () => void }} calls
 */
export function makeDesk(panel, { opened, changed, show }) {
  const { element } = panel, { root } = panel;
  const desk = element("div", "arbook-desk"), row = element("div", "arbook-desk-row");
  const label = element("label", "arbook-button arbook-file"), input = element("input");
  input.type = "file";
  input.accept = ".tsv,.csv,.txt,.log,.md,.json,.jsonl,text/*,application/json";
  label.append(input, "Open your own results.tsv");
  const note = "or drop it here. It is read in this page and never leaves your computer.";
  row.append(label, element("span", "arbook-note", note));
  const trouble = element("p", "arbook-trouble"), options = element("div", "arbook-desk-row");
  trouble.setAttribute("role", "alert");
  trouble.hidden = true;
  const choice = element("div", "arbook-desk-row"); // where a file leaves one before it can be read
  const busy = element("div", "arbook-desk-row"), bar = element("progress"), what = element("span", "arbook-note");
  busy.hidden = true;
  what.setAttribute("role", "status");
  busy.append(bar, what);
  panel.button("Stop", () => reading?.stop(), { parent: busy });
  desk.append(row, trouble, choice, busy, options);
  root.querySelector(".arbook-legend")?.before(desk);
  /** @type {OwnLog | undefined} */
  let file;
  /** @type {ReturnType<typeof beginReading> | undefined} */
  let reading;

  const complain = (words) => { trouble.hidden = false; trouble.textContent = words; };
  /** Read a file, and show it or say why not; return whether what is shown is as the reader wishes. */
  async function read(name, bytes, wishes) {
    reading?.stop();
    const mine = beginReading(panel.source, bytes, { source: name, ...wishes }, (part) => { bar.value = part; });
    reading = mine;
    bar.removeAttribute("value");
    what.textContent = `reading ${name}`;
    const late = setTimeout(() => { busy.hidden = false; }, SOON);
    const { log, refused, columns, failed } = await mine.read;
    clearTimeout(late);
    if (reading !== mine) return true; // another file has been opened meanwhile
    reading = undefined;
    busy.hidden = true;
    choice.replaceChildren();
    if (log) {
      file = { name, bytes, log, segment: log.restarts.length, wishes };
      trouble.hidden = true;
      opened(file);
    } else if (refused) {
      const words = columns?.length ? refused.replaceAll("metric=", `“${CHOOSERS.metric}” below`) : refused;
      complain(`${name} cannot be read. ${words.charAt(0).toUpperCase() + words.slice(1)}`);
      if (columns?.length) {
        const choices = [["", "-"], ...named(columns)];
        choice.append(field(CHOOSERS.metric, choices, "", (metric) => read(name, bytes, { ...wishes, metric })));
      }
    } else if (failed) complain(`${name} could not be read: the reader failed (${failed}). Is the file whole?`);
    else complain(`${name} was not read: you stopped it.`);
    return Boolean(log);
  }
  async function open(chosen) {
    if (!chosen) return;
    const name = chosen.name || "the file";
    if (chosen.size > LARGEST_FILE) {
      return complain(`${name} has ${formatNumber(chosen.size / 1e6, 1)} MB. This page reads up to 10 MB, `
        + "and a log is far smaller; is it the right file?");
    }
    const buffer = await chosen.arrayBuffer().catch(() => null);
    if (!buffer) return complain(`${name} could not be opened by the browser: choose it again.`);
    read(name, new Uint8Array(buffer), {});
  }
  input.addEventListener("change", () => { open(input.files?.[0]); input.value = ""; });
  const hold = (event) => {
    if (![...(event.dataTransfer?.types || [])].includes("Files")) return;
    event.preventDefault();
    desk.dataset.over = event.type === "dragover" ? "true" : "false";
    if (event.type === "drop") open(event.dataTransfer.files[0]);
  };
  for (const type of ["dragover", "dragleave", "drop"]) root.addEventListener(type, hold);

  const field = (words, choices, chosen, change) => {
    const made = element("label", "arbook-field", `${words} `), select = element("select");
    for (const [value, text] of choices) {
      select.append(Object.assign(element("option", "", text), { value, selected: value === chosen }));
    }
    select.addEventListener("change", () => change(select.value));
    made.append(select);
    return made;
  };
  const back = panel.button("", show);
  back.hidden = true;
  root.querySelector(".arbook-actions")?.before(back);
  /** @type {OwnLog | null} */
  let fields = null; // of which file they are
  return {
    /** The fields of the file that is shown. @param {OwnLog | null} current */
    show(current) {
      back.hidden = !file;
      if (file) back.textContent = file.name.length > 24 ? `${file.name.slice(0, 23)}…` : file.name;
      back.setAttribute("aria-pressed", String(Boolean(current)));
      options.hidden = !current;
      if (!current || fields === current) return;
      fields = current;
      const { log, wishes } = current;
      const again = async (wish) => {
        const isRead = await read(current.name, current.bytes, { ...wishes, ...wish });
        if (!isRead) { fields = null; changed(); }
      };
      const choosers = choosersOf(log, wishes).map(({ words, choices, chosen, wish }) => {
        return field(words, choices, chosen, (value) => again(wish(value)));
      });
      options.replaceChildren(...choosers);
      if (!log.restarts.length) return;
      const { edges, line } = log, parts = edges.slice(1).map((end, i) => {
        return [String(i), `${i + 1}: ${plural(end - edges[i] - 1, "experiment")} from line ${line[edges[i]]}`];
      });
      const choose = (value) => { current.segment = Number(value); changed(); };
      options.append(field("sequence", parts.slice(-MOST_SEQUENCES), String(current.segment), choose));
    },
  };
}
