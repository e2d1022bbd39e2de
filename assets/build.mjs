// Makes _build/assets/ (a folder for html_static_path) from the packages of package-lock.json:
//   widgets/widgets.js, widgets/widgets.css   the widget manager of the published page
//   katex/                                    styles and fonts of formulas, and what copies them as TeX
//   live/                                     "Run here": loaded when it is asked for
//   book.css, book.js, quiz.js                the book's own styles, and its few lines of script
// and _build/notices.json, the licences of the packages that these are made of (live/notices.py).
// Run `npm ci` first, then `node assets/build.mjs`.
import * as esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const root = path.resolve(import.meta.dirname, ".."), out = path.join(root, "_build", "assets");
const packages = path.join(root, "node_modules");
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

// anywidget gives up on a module after two seconds, which a slow phone may need.
/** @type {esbuild.Plugin} */
const patience = {
  name: "patience",
  setup: (build) => build.onLoad({ filter: /anywidget[\\/]dist[\\/]index\.js$/ }, ({ path: file }) => {
    const source = fs.readFileSync(file, "utf8"), limit = "AbortSignal.timeout(2e3)";
    if (!source.includes(limit)) throw new Error(`anywidget no longer says ${limit}: see patience`);
    return { contents: source.replace(limit, "AbortSignal.timeout(6e4)") };
  }),
};

const widgets = await esbuild.build({
  entryPoints: [path.join(root, "assets", "widgets.js")],
  metafile: true,
  outdir: path.join(out, "widgets"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2021",
  legalComments: "linked",
  plugins: [patience],
  alias: { "sanitize-html": path.join(root, "assets", "sanitize.js") },
  loader: { ".svg": "dataurl" },
  // ipywidgets would call MathJax 2 on its labels, which are plain text here
  define: { "process.env.NODE_ENV": '"production"', "window.MathJax": "undefined" },
});

const live = await esbuild.build({
  entryPoints: [path.join(root, "live", "live.js")],
  metafile: true,
  outdir: path.join(out, "live"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
});
/** @type {(from: string[], to: string[]) => void} */
const copy = (from, to) => fs.copyFileSync(path.join(root, ...from), path.join(out, ...to));
for (const file of ["worker.js", "kernel.py"]) copy(["live", file], ["live", file]);
copy(["live", "live.css"], ["live.css"]);

const katex = path.join(packages, "katex", "dist");
fs.mkdirSync(path.join(out, "katex", "fonts"), { recursive: true });
for (const file of ["katex.min.css", "contrib/copy-tex.min.js"]) {
  fs.copyFileSync(path.join(katex, file), path.join(out, "katex", path.basename(file)));
}
for (const font of fs.readdirSync(path.join(katex, "fonts")).filter((file) => file.endsWith(".woff2"))) {
  fs.copyFileSync(path.join(katex, "fonts", font), path.join(out, "katex", "fonts", font));
}
fs.copyFileSync(path.join(packages, "katex", "LICENSE"), path.join(out, "katex", "LICENSE"));

for (const file of ["book.js", "quiz.js"]) copy(["assets", file], [file]);

// As `coloured` of arbook/_palette.py does it to the explorers' style sheet.
const palette = JSON.parse(fs.readFileSync(path.join(root, "arbook", "palette.json"), "utf8"));
/** @type {(all: string, mode: string) => string} */
const variables = (_, mode) => {
  return Object.entries(palette[mode]).map(([role, colour]) => `--ab-${role}: ${colour};`).join(" ");
};
const book = fs.readFileSync(path.join(root, "assets", "book.css"), "utf8");
fs.writeFileSync(path.join(out, "book.css"), book.replace(/@palette (\w+);/g, variables));

const used = new Set(["katex", "pyodide"].map((name) => path.join(packages, name)));
for (const { metafile } of [widgets, live]) {
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path.resolve(file));
      if (folder && bytesInOutput) used.add(folder[0]);
    }
  }
}
const notices = [...used].map((folder) => {
  const about = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const files = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
  const makers = [about.author ?? about.contributors ?? []].flat().map((one) => one.name ?? one).join(", ");
  const text = texts.join("\n\n") || `By ${makers}. Source and licence: ${about.repository?.url ?? about.homepage}`;
  return { name: about.name, version: about.version, licence: about.license, text };
});
fs.writeFileSync(path.join(root, "_build", "notices.json"), JSON.stringify(notices));

for (const file of ["widgets/widgets.js", "widgets/widgets.css", "katex/katex.min.css", "live/live.js"]) {
  const bytes = fs.readFileSync(path.join(out, file));
  const size = (/** @type {Buffer} */ b) => `${(b.length / 1000).toFixed(1).padStart(7)} kB`;
  console.log(`${file.padEnd(22)}${size(bytes)}${size(zlib.gzipSync(bytes, { level: 9 }))} gzipped`);
}
