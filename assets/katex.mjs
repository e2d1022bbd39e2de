// Formulas: a line { tex, display, output } of JSON in, a line { html } or { error } of JSON out.
// `output` is "htmlAndMathml" for pages, where MathML is what a screen reader reads, or "mathml" for e-readers.
import readline from "node:readline";
import katex from "katex";

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { tex, display, output } = JSON.parse(line);
  const answer = {};
  try {
    answer.html = katex.renderToString(tex, { displayMode: display, output, strict: "error" });
  } catch (error) {
    answer.error = String(error);
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
