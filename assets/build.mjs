// Makes _build/assets/ (a folder for html_static_path) from the packages of package-lock.json:
//   widgets/widgets.js, widgets/widgets.css   the widget manager of the published page
//   mathjax/                                  MathJax 3 with its fonts, and the parts it fetches
// Run `npm ci` first, then `node assets/build.mjs`.
import * as esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const root = path.resolve(import.meta.dirname, ".."), out = path.join(root, "_build", "assets");
const packages = path.join(root, "node_modules");
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

await esbuild.build({
  entryPoints: [path.join(root, "assets", "widgets.js")],
  outdir: path.join(out, "widgets"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2021",
  legalComments: "linked",
  alias: { "sanitize-html": path.join(root, "assets", "sanitize.js") },
  loader: { ".svg": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"' },
});

const mathjax = path.join(packages, "mathjax", "es5");
for (const part of ["tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions"]) {
  fs.cpSync(path.join(mathjax, part), path.join(out, "mathjax", part), { recursive: true });
}
fs.copyFileSync(path.join(packages, "mathjax", "LICENSE"), path.join(out, "mathjax", "LICENSE"));

for (const file of ["widgets/widgets.js", "widgets/widgets.css", "mathjax/tex-chtml.js"]) {
  const bytes = fs.readFileSync(path.join(out, file));
  const size = (b) => (b.length / 1000).toFixed(1).padStart(7) + " kB";
  console.log(`${file.padEnd(22)}${size(bytes)}${size(zlib.gzipSync(bytes, { level: 9 }))} gzipped`);
}
