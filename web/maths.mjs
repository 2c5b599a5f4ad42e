// Draws the formulas that arrive on standard input, one JSON object a line, and answers line by line.
import { createInterface } from "node:readline";
import katex from "katex";

const HOW = { strict: "error", throwOnError: true };

// What says that a function is applied, unseen. KaTeX puts it beside the name of `min` in a subscript, as a third
// child of an element that has two, which Firefox reports as an error.
const APPLY = "<mo>\u2061</mo>";

// KaTeX warns of a sign that its fonts lack, and leaves a hole where it stands.
let lacks;
console.warn = (said) => (lacks ??= said);

function draw({ latex, displayMode }) {
  lacks = undefined;
  try {
    const html = katex.renderToString(latex, { ...HOW, displayMode });
    return lacks ? { error: lacks } : { html: html.replaceAll(APPLY, "") };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(draw(JSON.parse(line)))}\n`);
}
