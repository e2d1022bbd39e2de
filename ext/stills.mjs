// Stills of explorers: the explorer's own module, run here as in a page where everything is told, and its
// charts with their legend as one SVG. A line { state, widths } of JSON in (the widget's state, and advance widths
// of characters in units of the font's size), a line { svg, width, height, sentence } or { error } of JSON out.
import readline from "node:readline";
import { parseHTML } from "linkedom";

const WIDTH = 640, LINE = 20, REM = 16, GAP = 1.2 * REM; // pixels; GAP as in explorers.css
const { document, HTMLElement, SVGElement } = parseHTML("<!doctype html><html><head></head><body></body></html>");

// What the views ask of a browser beside a document: sizes, and to be called when they change.
let widths = {}, rules = [], frames = [], observers = [];
const measure = (words, size) => size * [...words].reduce((sum, c) => sum + (widths[c] ?? widths.m), 0);
const drawFrames = () => { while (frames.length) frames.shift()(); };
Object.assign(globalThis, {
  document,
  requestAnimationFrame: (act) => frames.push(act),
  cancelAnimationFrame() { frames = []; },
  ResizeObserver: class {
    constructor(act) { observers.push(act); }
    observe() {}
  },
});
Object.defineProperty(HTMLElement.prototype, "clientWidth", { get() { return this.given ?? WIDTH; } });
SVGElement.prototype.getComputedTextLength = function () {
  return measure(this.textContent, parseFloat(declared(this, "font-size", "font")));
};

/** What the last matching rule declares of some properties. */
function declared(element, ...names) {
  const applies = ({ style, selectorText }) => names.some((name) => style[name]) && element.matches(selectorText);
  const found = rules.findLast(applies);
  return names.map((name) => found?.style[name]).find(Boolean);
}

/** The rules of a picture in a file of its own, with the light colours: paper and pages without scripts are light. */
function stylesOf(picture) {
  const value = (name) => rules.find(({ style }) => style.getPropertyValue(name)).style.getPropertyValue(name);
  return rules.filter(({ selectorText }) => picture.querySelector(selectorText))
    .map(({ cssText }) => cssText.replaceAll(/var\((--[\w-]+)\)/g, (_, name) => value(name)).replaceAll(/\s+/g, " "))
    .join("\n");
}

function make(tag, attributes, parent) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) made.setAttribute(name, attributes[name]);
  parent?.append(made);
  return made;
}

/** Give the charts their widths as the flex box of explorers.css does, and return its lines. */
function layOut(charts) {
  const lines = [];
  for (const host of charts) {
    const [grow, , basis] = declared(host, "flex").split(" ").map(parseFloat), room = basis * REM;
    const line = lines.at(-1);
    if (line && line.room + GAP + room <= WIDTH) {
      line.room += GAP + room;
      line.grow += grow;
      line.charts.push({ host, grow, room });
    } else lines.push({ room, grow, charts: [{ host, grow, room }] });
  }
  for (const line of lines) {
    for (const { host, grow, room } of line.charts) host.given = room + ((WIDTH - line.room) * grow) / line.grow;
  }
  for (const changed of observers) changed();
  drawFrames();
  return lines.map((line) => line.charts.map(({ host }) => host));
}

/** Words at a height, broken into lines that fit; returns the height below them. */
function write(words, top, parent) {
  let y = top, text = null;
  for (const word of words.split(" ")) {
    const longer = text && `${text.textContent} ${word}`;
    if (text && measure(longer, 13) <= WIDTH) text.textContent = longer;
    else {
      text = make("text", { x: 0, y: y + 13 }, parent);
      text.textContent = word;
      y += LINE;
    }
  }
  return y;
}

/** The legend, in lines; returns the height below it. */
function drawLegend(keys, top, parent) {
  let x = 0, y = top;
  for (const key of keys) {
    const words = key.textContent, wide = 28 + measure(words, 13);
    if (x && x + wide > WIDTH) { x = 0; y += LINE; }
    const entry = make("g", { class: "arbook-key", transform: `translate(${x.toFixed(1)},${y})` }, parent);
    make("g", { transform: "translate(0,3)" }, entry).append(...key.querySelector("svg").childNodes);
    make("text", { x: 28, y: 13 }, entry).textContent = words;
    x += wide + 1.1 * REM;
  }
  return keys.length ? y + LINE + 6 : y;
}

/** The charts of a drawn explorer, the words above them and the legend as one picture. */
function compose(root) {
  const picture = make("svg", { xmlns: "http://www.w3.org/2000/svg", class: "arbook-svg" });
  const charts = [...root.querySelectorAll(".arbook-chart")].filter((host) => !host.closest("[hidden]"));
  const lines = layOut(charts), about = root.querySelector(".arbook-about");
  let y = about ? write(about.textContent, 0, picture) : 0;
  y = drawLegend([...root.querySelectorAll(".arbook-legend .arbook-key")], y, picture);
  for (const hosts of lines) {
    let x = 0, tall = 0;
    for (const host of hosts) {
      const chart = make("g", { transform: `translate(${x.toFixed(1)},${y})` }, picture);
      const svg = host.querySelector("svg");
      make("text", { x: 0, y: 13 }, chart).textContent = host.querySelector(".arbook-axis-title").textContent;
      make("g", { transform: `translate(0,${LINE})` }, chart).append(...svg.childNodes);
      x += host.clientWidth + GAP;
      tall = Math.max(tall, LINE + Number(svg.getAttribute("height")));
    }
    y += tall + 8;
  }
  for (const gone of picture.querySelectorAll('[display="none"]')) gone.remove();
  for (const part of picture.querySelectorAll("[data-part]")) part.removeAttribute("data-part");
  const size = { width: WIDTH, height: Math.ceil(y) };
  for (const name in size) picture.setAttribute(name, size[name]);
  picture.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  const styles = make("style", {});
  styles.textContent = stylesOf(picture);
  picture.prepend(styles);
  return { svg: `${picture}\n`, ...size };
}

async function draw(state) {
  const sheet = document.createElement("style");
  sheet.textContent = state._css;
  document.head.replaceChildren(sheet);
  const plain = ({ selectorText }) => selectorText && !/:(?!is\()/.test(selectorText); // nothing is hovered
  rules = [...sheet.sheet.cssRules].filter(plain);
  frames = [];
  observers = [];
  const { default: widget } = await import(`data:text/javascript;base64,${Buffer.from(state._esm).toString("base64")}`);
  const held = { ...state, _controls: [] };
  const set = (name, value) => { held[name] = value; };
  const model = { get: (name) => held[name], set, on() {}, save_changes() {} };
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  widget.render({ model, el: root }).tell();
  drawFrames();
  return { ...compose(root), sentence: root.querySelector(".arbook-sentence").textContent };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  widths = asked.widths;
  console.log(JSON.stringify(await draw(asked.state).catch((error) => ({ error: error.stack }))));
}
