// Draws the formulas that arrive on standard input, one JSON object a line, and answers line by line.
import { createInterface } from "node:readline";
import temml from "temml";

// Within a line of text a formula may break where TeX would break it.
const HOW = { annotate: false, strict: true, throwOnError: true, wrap: "tex" };

function draw({ latex, displayMode }) {
  try {
    return { mathml: temml.renderToString(latex, { ...HOW, displayMode }) };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(draw(JSON.parse(line)))}\n`);
}
