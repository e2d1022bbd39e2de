// What stands beside the pictures of a log: five numbers, remarks, and the question which run is random search.
import { plural, range, significant } from "./numbers.js";

const MOST_REMARKS = 200;

/** The letter of a run that has no name yet. */
export const LETTER = (run) => String.fromCharCode(64 + run);

/** The chooser above the picture for each argument of the reader. */
export const CHOOSERS = {
  metric: "Metric", direction: "better is", status_column: "decisions in", status: "means", decisions: "kept is",
  by: "split by", where: "only",
};

// What the reader says, with the choosers of the page for its arguments.
function asChoices(reason) {
  return reason.replace(/\b(metric|direction|status_column|status|decisions|by|where)=(?=['" );,])/g, (_, name) => {
    return `“${CHOOSERS[name]}” above `;
  }).replaceAll("above  ", "above ").replaceAll("above )", "above)");
}

// A row of numbers with their names.
export function makeTiles({ element, below }, names) {
  const box = element("dl", "arbook-tiles");
  const numbers = names.map((name) => {
    const tile = element("div"), number = element("dd");
    tile.append(element("dt", "", name), number);
    box.append(tile);
    return number;
  });
  below.append(box);
  return { box, show: (values) => numbers.forEach((number, i) => { number.textContent = values[i]; }) };
}

// What was not used of a log, and its largest gains.
export function showRemarks(details, element, issues, largest, log, unit) {
  const list = (items) => {
    const made = element("ul");
    made.append(...items.map((words) => element("li", "", words)));
    return made;
  };
  const gains = largest.map(({ experiment, size }) => {
    const words = (log.description[experiment] || "").split("\n")[0].slice(0, 200);
    const gain = `${significant(size)}${unit === log.metric ? "" : ` ${unit}`}`;
    return `experiment ${experiment}: ${gain}${words && `, ${words}`}`;
  });
  const open = details.open, heads = [];
  if (issues.length) heads.push(`${plural(issues.length, "remark")} of the reader`);
  const few = ["", "the only step", "the two largest steps", "the three largest steps"];
  if (gains.length) heads.push(few[gains.length]);
  details.hidden = !heads.length;
  const summary = heads.join(", and ");
  details.replaceChildren(element("summary", "", summary.charAt(0).toUpperCase() + summary.slice(1)));
  if (issues.length) {
    const remarks = issues.slice(0, MOST_REMARKS).map(({ line, reason }) => `line ${line}: ${asChoices(reason)}`);
    details.append(element("p", "", "Not used, or used only after an assumption:"), list(remarks));
    if (issues.length > MOST_REMARKS) details.append(element("p", "", `and ${issues.length - MOST_REMARKS} more.`));
  }
  if (gains.length) details.append(element("p", "", "The largest steps of the frontier:"), list(gains));
  details.open = open;
}

// Which one is random search?
export function makeNamingGame(panel, count, answer) {
  const box = panel.element("div", "arbook-game arbook-naming"), choices = panel.element("span", "arbook-choices");
  const prompt = panel.element("span", "", "Which of them is random search?");
  prompt.setAttribute("aria-live", "polite");
  for (const run of range(count).map((i) => i + 1)) {
    panel.button(LETTER(run), () => answer(run), { parent: choices }).dataset.say = String(run);
  }
  panel.button("Show the names", () => answer(0), { parent: choices }).dataset.say = "names";
  box.append(prompt, choices);
  panel.below.append(box);
  return {
    show({ hidden, named, said, random, names }) {
      box.hidden = hidden;
      choices.hidden = named;
      if (!named) return;
      const it = `Random search is run ${LETTER(random)}, ${names[random - 1]}.`;
      const right = `You said ${LETTER(said)}. So it is: ${names[random - 1]}.`;
      prompt.textContent = said === 0 ? it : said === random ? right
        : `You said ${LETTER(said)}, which is ${names[said - 1]}. ${it}`;
    },
  };
}
