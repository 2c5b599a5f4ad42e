// Draws the formulas that arrive on standard input, one JSON object a line, and answers line by line.
import { createInterface } from "node:readline";
import katex from "katex";

function draw({ latex, displayMode }) {
  try {
    return { html: katex.renderToString(latex, { displayMode, strict: "error" }) };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(draw(JSON.parse(line)))}\n`);
}
