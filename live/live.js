// "Run here": the code of the page becomes editable and runs in the page. This file is loaded when
// the reader asks for it (assets/book.js); Python is loaded by the worker.
import { makeEditor } from "./editor.js";
import { Kernel } from "./kernel.js";

const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
const here = new URL("_static/live/", root);
const make = (tag, className, words) => Object.assign(document.createElement(tag), { className, textContent: words ?? "" });
const json = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  return answer.json();
};
const load = (tag, attributes) => new Promise((resolve, reject) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.onload = resolve;
  element.onerror = () => reject(new Error(`${attributes.src ?? attributes.href} cannot be reached`));
  document.head.append(element);
});

// ---------------------------------------------------------------- outputs

/** Returns a function that adds outputs to a place, one message after another. */
function shower(place, kernel, alt = "") {
  let stream = null, clear = false;
  const add = (className, child) => { const box = make("div", `output ${className}`); box.append(child); place.append(box); return box; };
  const text = (words) => { const box = make("div", "highlight"); box.append(make("pre", "", words)); return box; };
  const picture = (type, data) => add("image_live", Object.assign(make("img"), { src: `data:${type},${data}`, alt: alt || "The figure that this code draws" }));
  return (message) => {
    if (message.kind === "clear") { if (message.wait) clear = true; else place.replaceChildren(); stream = null; return; }
    if (clear) { place.replaceChildren(); clear = false; stream = null; }
    if (message.kind === "stream") {
      if (stream?.dataset.name !== message.name) { stream = add(`stream ${message.name}`, text("")); stream.dataset.name = message.name; }
      const pre = stream.querySelector("pre");
      pre.textContent = (pre.textContent + message.text).replace(/^.*\r(?!\n)/gm, ""); // a progress bar writes over its line
      return;
    }
    stream = null;
    if (message.kind === "error") return void add("traceback", text(message.traceback));
    const { data } = message, of = (type) => [data[type]].flat().join("");
    const widget = data["application/vnd.jupyter.widget-view+json"];
    if (widget) showWidget(kernel, widget.model_id, add("widget-subarea", ""));
    else if (data["text/html"]) add("text_html", "").innerHTML = of("text/html");
    else if (data["image/svg+xml"]) picture("image/svg+xml", encodeURIComponent(of("image/svg+xml")));
    else if (data["image/png"]) picture("image/png;base64", of("image/png").trim());
    else if (data["text/plain"]) add("text_plain", text(of("text/plain")));
  };
}

async function showWidget(kernel, id, place) {
  try {
    const view = await kernel.manager.create_view(await kernel.manager.get_model(id));
    globalThis.arbookWidgets.Widget.attach(view.luminoWidget, place);
  } catch (error) {
    place.textContent = `This control cannot be shown: ${error.message}`;
  }
}

// ---------------------------------------------------------------- cells

const KEPT = `arbook-live:${location.pathname}`;
const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return {}; } };
function keep(original, code) {
  const all = kept();
  if (code === original) delete all[original]; else all[original] = code;
  try { localStorage.setItem(KEPT, JSON.stringify(all)); } catch { /* private windows keep nothing */ }
}

class Cell {
  /** `element` is the cell in the page; without one, the cell is not shown and only runs. */
  constructor(number, code, element, page) {
    Object.assign(this, { number, original: code, code, element, page, state: "new" });
  }

  /** Put the editor in the place of the code, or above what the code made. */
  open() {
    this.code = kept()[this.original] ?? this.original;
    if (!this.element) return;
    this.box = make("div", "live-cell");
    const bar = make("div", "live-tools");
    const label = `Code ${this.number}`;
    this.editor = makeEditor(this.box, this.code, label, {
      run: () => this.page.runTo(this),
      changed: (code) => { this.code = code; keep(this.original, code); this.undo.hidden = code === this.original; },
    });
    this.button = make("button", "live-button", "Run");
    this.button.setAttribute("aria-label", `Run ${label}`);
    this.button.onclick = () => this.page.runTo(this);
    this.undo = make("button", "live-button live-quiet", "Original code");
    this.undo.hidden = this.code === this.original;
    this.undo.onclick = () => this.editor.dispatch({ changes: { from: 0, to: this.editor.state.doc.length, insert: this.original } });
    for (const button of [this.button, this.undo]) button.type = "button";
    this.mark = make("span", "live-mark");
    bar.append(this.button, this.undo, this.mark);
    this.box.append(bar);
    const code = this.element.matches(".cell") ? this.element.querySelector(".cell_input") : this.element;
    const folded = this.element.querySelector("details.hide");
    if (folded) folded.open = true;
    if (code) { code.after(this.box); code.hidden = true; } else this.element.prepend(this.box);
  }

  /** The place of the outputs: where the build's were, above the caption of a figure. */
  place() {
    if (this.output) return this.output;
    this.output = make("div", "live-output");
    if (!this.element.matches(".cell")) { this.box.append(this.output); return this.output; }
    const area = this.element.querySelector(":scope > .cell_output") ?? this.element.appendChild(make("div", "cell_output"));
    const figure = area.querySelector("figure");
    this.alt = area.querySelector("img")?.alt;
    const caption = figure?.querySelector("figcaption");
    (figure ?? area).replaceChildren(this.output, ...(caption ? [caption] : []));
    return this.output;
  }

  tell(state, words) {
    this.state = state;
    if (!this.element) return;
    this.element.dataset.live = state;
    this.mark.textContent = words;
  }

  async run(kernel) {
    this.tell("running", "running …");
    let show = () => {};
    if (this.element) {
      const place = this.place();
      place.style.minHeight = `${place.offsetHeight}px`; // the page does not jump
      place.replaceChildren();
      show = shower(place, kernel, this.code === this.original ? this.alt : "");
    }
    const ok = await kernel.run(this.number, this.code, show);
    if (this.output) this.output.style.minHeight = "";
    this.tell(ok ? "done" : "failed", ok ? "done" : "stopped with an error");
    return ok;
  }
}

// ---------------------------------------------------------------- the page

class Page {
  constructor(bar) {
    this.bar = bar;
    this.start = bar.querySelector("[data-live-start]");
    this.status = bar.querySelector("[role=status]");
    this.progress = bar.querySelector("progress");
    this.queue = Promise.resolve();
  }

  say(words, state) {
    this.status.textContent = words;
    if (state) this.bar.dataset.state = state;
  }

  async open() {
    const codes = await json(new URL(`notebooks/${this.bar.dataset.name}.json`, root));
    const elements = [...document.querySelectorAll(".bd-article div.cell")];
    this.cells = codes.map(({ code, hidden }, i) => new Cell(i + 1, code, hidden ? null : elements.shift(), this));
    if (elements.length || this.cells.some((cell) => cell.element === undefined)) throw new Error("the page and its code do not match: reload the page");
    for (const block of document.querySelectorAll(".bd-article .exercise .highlight-python")) {
      const code = block.querySelector("pre").textContent.trim();
      const cell = new Cell(this.cells.length + 1, code, block, this);
      cell.alone = true; // an exercise is run when the reader asks for it
      this.cells.push(cell);
    }
  }

  async boot() {
    this.start.disabled = true;
    this.say("Loading the page's tools", "starting");
    try {
      if (!this.cells) await this.open();
      const lite = new URL("lite/", root), settings = await json(new URL("live.json", lite));
      if (!globalThis.arbookWidgets) {
        await Promise.all([
          load("link", { rel: "stylesheet", href: new URL("_static/widgets/widgets.css", root).href }),
          load("script", { src: new URL("_static/widgets/widgets.js", root).href }),
        ]);
      }
      let step = "Starting";
      this.progress.hidden = false;
      this.progress.max = settings.megabytes;
      this.kernel = new Kernel({
        worker: new URL("worker.js", here).href, kernel: new URL("kernel.py", here).href,
        pyodide: new URL(settings.pyodide, lite).href, packages: settings.packages,
        wheels: settings.wheels.map((wheel) => new URL(wheel, lite).href),
      }, { ...globalThis.arbookWidgets, show: shower }, ({ kind, words, seen }) => {
        if (kind === "step") step = words;
        else { this.seen = seen / 1e6; this.progress.value = this.seen; }
        this.say(`${step}: ${(this.seen ?? 0).toFixed(0)} of about ${settings.megabytes} MB`);
      });
      this.kernel.patience = Number(this.bar.dataset.patience) || undefined;
      await this.kernel.start();
    } catch (error) {
      return this.fail(error);
    } finally {
      this.progress.hidden = true;
    }
    if (!this.opened) { this.opened = true; for (const cell of this.cells) cell.open(); }
    this.start.hidden = true;
    this.controls();
    await this.runTo(this.cells.findLast((cell) => !cell.alone));
  }

  fail(error) {
    console.info(error); // the page says it in words
    this.start.disabled = false;
    this.start.textContent = "Try again";
    this.say(`Python could not start: ${error.message}. `
      + "What to do: check the network connection and try again. If this network blocks the address, or there is none, "
      + "download the notebook (the arrow above) and run it with Jupyter, or ask for a site that brings Python along (make book PYODIDE=local).", "failed");
  }

  controls() {
    if (this.again) { this.again.hidden = false; return; }
    this.again = make("button", "live-button", "Restart Python");
    this.again.type = "button";
    this.again.title = "Stops what runs, forgets all values, keeps your code";
    this.again.onclick = () => {
      this.kernel.stop();
      for (const cell of this.cells) cell.tell("new", "");
      this.again.hidden = true;
      this.queue = Promise.resolve();
      this.boot();
    };
    this.start.after(this.again);
  }

  /** Run a cell, and first all above it that have not run since Python started. */
  runTo(last) {
    const kernel = this.kernel;
    this.queue = this.queue.then(async () => {
      for (const cell of this.cells) {
        if (kernel !== this.kernel) return;
        if (cell !== last && (cell.state === "done" || cell.alone)) continue;
        this.say(`Python is running code ${cell.number} of ${this.cells.length}`, "running");
        const ok = await cell.run(kernel);
        if (kernel !== this.kernel) return;
        if (!ok) return this.say(`Code ${cell.number} stopped with an error; what comes after it has not run.`, "ready");
        if (cell === last) break;
      }
      this.say("Python is ready: change any code or control on this page. Your changes to the code stay in this browser.", "ready");
    });
    return this.queue;
  }
}

const pages = new WeakMap();

/** Start Python for the page of a bar. */
export function boot(bar) {
  if (!pages.has(bar)) pages.set(bar, new Page(bar));
  return pages.get(bar).boot();
}
