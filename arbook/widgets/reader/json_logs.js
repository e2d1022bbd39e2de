// The table of a log in JSON: which of its metrics, in which sequences, and its rows. The twin of
// arbook.runs.json_logs.
import { chooseMetric, chooseStatus, Sheet } from "./columns.js";
import { DIRECTION_NAMES, METRIC_NAMES, readJson, settingOf, UNIT_NAMES } from "./records.js";
import { agentColumn, cellOf, rowOf, strideOf, wordsOf } from "./rows.js";
import { nameOf, quoted, strip } from "./text.js";
import { directionOf, statusOf } from "./words.js";

/**
 * @typedef {import("./rows.js").Wishes} Wishes
 * @typedef {import("./rows.js").Table} Table
 * @typedef {import("./decisions.js").Say} Say
 */

/** @type {(lines: string[], wishes: Wishes, say: Say) => Table} */
export function tableOfJson(lines, wishes, say) {
  const records = readJson(lines);
  for (const [line, reason] of records.issues) say(line, reason);
  const { kept, config } = ofOneMetric(records, wishes, say);
  const names = records.columns.length ? records.columns : ["metric", "status"];
  const rows = kept.map(({ line, values }) => ({ line, cells: names.map((name) => strip(values.get(name) ?? "")) }));
  const line = config ? config.line : rows[0].line, stride = strideOf(rows.length, names.length);
  const sample = rows.filter((_, i) => i % stride === 0).map(({ cells }) => cells);
  const sheet = new Sheet(names, sample, line);
  const columns = chooseStatus(sheet, wishes.statusColumn ?? null, wordsOf(wishes));
  const settings = config ? config.settings : new Map(), named = settingOf(settings, METRIC_NAMES);
  let wanted = wishes.metric ?? null, name = wanted;
  if (wanted === null || nameOf(wanted) === nameOf(named)) {
    if (sheet.names.includes("metric") && named) {
      wanted = names[sheet.names.indexOf("metric")];
      name = named;
    } else if (named && names.some((c, i) => nameOf(named) === sheet.names[i] || nameOf(named) === nameOf(c))) {
      wanted = name = named;
    }
  }
  chooseMetric(sheet, columns, wanted);
  if (name === null) name = sheet.cells[columns.metric];
  const isPrimary = Boolean(named) && nameOf(name) === nameOf(named);
  const said = isPrimary ? settingOf(settings, DIRECTION_NAMES).toLowerCase() : "";
  columns.direction = directionOf(name);
  const agent = agentColumn(sheet), found = [];
  for (const [i, { line: at, cells }] of rows.entries()) {
    const isSilent = !cellOf(cells, columns.status) && statusOf(cellOf(cells, columns.state)) === "other";
    if (columns.statusIn(cells) === "other" && !cells[columns.metric] && isSilent) {
      say(at, "neither a metric nor a decision; not used");
      continue;
    }
    const row = rowOf(sheet, columns, at, cells, agent, wishes, say);
    row.starts = kept[i].starts && found.length > 0;
    found.push(row);
  }
  const up = ["higher", "max", "maximize", "maximise", "up"], down = ["lower", "min", "minimize", "minimise", "down"];
  return {
    sheet, columns, found, name, unit: isPrimary ? settingOf(settings, UNIT_NAMES) : "",
    direction: up.includes(said) ? "max" : down.includes(said) ? "min" : null,
  };
}

// The rows of the metric that is wanted, or that most have, with their settings.
function ofOneMetric({ rows, configs }, wishes, say) {
  const edges = [...configs.map(({ at }) => at), rows.length];
  const parts = [
    { line: 1, settings: new Map(), part: rows.slice(0, edges[0]) },
    ...configs.map(({ at, line, settings }, k) => ({ line, settings, part: rows.slice(at, edges[k + 1]) })),
  ];
  const names = parts.map(({ settings }) => settingOf(settings, METRIC_NAMES));
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const [k, name] of names.entries()) sizes.set(name, (sizes.get(name) ?? 0) + parts[k].part.length);
  let chosen = "", most = -1;
  for (const [name, size] of sizes) if (size >= most) { chosen = name; most = size; }
  if (wishes.metric) chosen = [...sizes.keys()].find((n) => n && nameOf(n) === nameOf(wishes.metric ?? "")) ?? chosen;
  const kept = [];
  /** @type {{ line: number, settings: Map<string, string> } | null} */
  let config = null;
  for (const [k, { line, settings, part }] of parts.entries()) {
    const name = names[k];
    if (name === chosen || !name) {
      if (settings.size) config ??= { line, settings };
      let segment = null;
      part.forEach(({ line: at, values }, i) => {
        const own = values.get("segment") ?? "";
        const starts = configs.length ? i === 0 : segment !== null && own !== segment;
        segment = own;
        kept.push({ line: at, values, starts });
      });
    } else if (part.length) {
      say(line, `another metric, ${quoted(name)}, from here on: its ${part.length} rows were left out `
        + "(metric= names it)");
    }
  }
  return { kept, config };
}
