// Draws the formulas that arrive on standard input, one JSON object a line, and answers line by line.
import { createInterface } from "node:readline";
import temml from "temml";

// Within a line of text a formula may break where TeX would break it.
const HOW = { annotate: false, strict: true, throwOnError: true, wrap: "tex" };

// What says that a function is applied, unseen. In a subscript Chromium gives it a negative
// width, so that what follows λ_min runs into it.
const APPLY = "<mo>\u2061</mo>";

function draw({ latex, displayMode }) {
  try {
    const mathml = temml.renderToString(latex, { ...HOW, displayMode });
    return { mathml: mathml.replaceAll(APPLY, "") };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(draw(JSON.parse(line)))}\n`);
}
