// Runs the code cells of chapters under Pyodide in Node.js, with the kernel of "Run here":
//   node run_cells.mjs PYODIDE_FOLDER SITE OUTPUT CHAPTER...
// writes a file of JSON: what each cell of each chapter wrote, pictures left out.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, site, output, ...chapters] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.resolve(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: `${path.resolve(pyodide)}/` });
const live = JSON.parse(fs.readFileSync(path.join(site, "lite", "live.json")));
const quiet = { messageCallback() {}, errorCallback(words) { throw new Error(words); } };
await python.loadPackage(live.packages, quiet);
for (const { address } of live.wheels) {
  const file = path.join(site, "lite", address.split("?")[0]);
  python.unpackArchive(new Uint8Array(fs.readFileSync(file)), "wheel");
}
python.setStdout({ batched() {} });
python.FS.writeFile("/home/pyodide/arbook_kernel.py", fs.readFileSync(path.join(site, "_static", "live", "kernel.py")));
const kernel = python.pyimport("arbook_kernel");
let messages = [];
const all = {};
kernel.start((text) => {
  const message = JSON.parse(text);
  for (const type of Object.keys(message.data ?? {})) if (type.startsWith("image/")) message.data[type] = "";
  messages.push(message);
});
console.log = () => {}; // what loading packages says

for (const chapter of chapters) {
  const cells = [], notebook = JSON.parse(fs.readFileSync(path.join(site, "notebooks", `${chapter}.json`)));
  all[chapter] = cells;
  for (const [number, { code }] of notebook.entries()) {
    messages = [];
    const ok = await kernel.run(number, code);
    cells.push({ code, ok, messages: messages.filter(({ kind }) => !kind.startsWith("comm")) });
  }
  python.runPython("from IPython import get_ipython; get_ipython().reset(); import arbook_kernel");
}
fs.writeFileSync(output, JSON.stringify(all));
process.exit(0);
