// Formulas for e-readers: a line { tex, display } of JSON in, a line { mathml } of JSON out.
import readline from "node:readline";
import mathjax from "mathjax";

const MathJax = await mathjax.init({ loader: { load: ["input/tex"] } });
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { tex, display } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ mathml: MathJax.tex2mml(tex, { display }) })}\n`);
}
