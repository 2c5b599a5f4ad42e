// An exercise that runs and is checked in the page. Until the reader asks for it, it is text, and loads nothing.

import { remember, recall, isSolved } from "./memory.mjs";
import { Stopped } from "./python.mjs";
import { button, element, startPanel, statusLine } from "./ui.mjs";

const PACKAGE = "gradient_ascent.exercises.page";
const TIMEOUT = 10_000; // ms; Python itself stops the reader's code sooner, and names the line

/** @param {HTMLElement} place the empty element that the exercise's editor goes to */
function prepare(place) {
  const box = /** @type {HTMLElement} */ (place.parentElement);
  const { name = "", version = "", title = "" } = place.dataset;
  const before = recall(name);
  const said = statusLine();
  const begin = button(before.text === undefined ? "Try it here" : "Go on where you left off", async () => {
    begin.disabled = true;
    said.textContent = "Loading the editor …";
    try {
      const { createEditor } = await import(new URL("editor.mjs", import.meta.url).href);
      open(place, box, { name, version, title }, createEditor);
    } catch (error) {
      said.textContent = `The editor could not be loaded (${/** @type {Error} */ (error).message}). Is there a network?`;
      begin.disabled = false;
    }
  });
  place.append(begin, said);
  if (isSolved(name, version)) said.textContent = "You have solved this one.";
}

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} box
 * @param {{ name: string, version: string, title: string }} exercise
 * @param {(host: HTMLElement, options: object) => { text: string, focus(): void }} createEditor
 */
function open(place, box, { name, version, title }, createEditor) {
  const still = /** @type {HTMLElement} */ (box.querySelector(".live-stub"));
  const solution = /** @type {HTMLDetailsElement} */ (box.querySelector("details.live-solution"));
  const stub = still.querySelector("pre")?.textContent ?? "";
  const before = recall(name);

  const host = element("div", { class: "live-editor" });
  const said = statusLine();
  const output = element("pre", { role: "log", "aria-label": "Output", class: "live-output", hidden: true });
  const panel = startPanel("The exercise also runs at a terminal: python -m gradient_ascent.exercises");
  const runButton = button("Run", () => void act("run"));
  const checkButton = button("Check", () => void act("check"));
  const stopButton = button("Stop", () => running?.abort(), { disabled: true });
  const showButton = button("Show solution", () => (solution.open = !solution.open));
  const buttons = [runButton, checkButton, stopButton, button("Reset", reset), showButton];
  const keys = element("p", { class: "live-hint" }, "Ctrl+Enter runs, Ctrl+Shift+Enter checks; Tab indents, Esc and then Tab leaves the editor.");
  /** @type {AbortController | undefined} */
  let running;

  place.replaceChildren(host, element("div", { class: "live-buttons" }, ...buttons), panel.element, said, output, keys);
  still.hidden = true;
  const editor = createEditor(host, {
    text: before.text ?? stub,
    label: `Your code: ${title}`,
    onChange: (/** @type {string} */ text) => remember(name, { text, version }),
    onRun: () => void act("run"),
    onCheck: () => void act("check"),
  });
  editor.focus();
  if (before.text !== undefined && before.version !== version)
    say("The exercise has changed since you wrote this. Your text is kept; Reset shows the new start.");
  solution.addEventListener("toggle", () => {
    showButton.textContent = solution.open ? "Hide solution" : "Show solution";
  });

  function reset() {
    editor.text = stub;
    remember(name, { text: undefined, version: undefined });
    print("");
    say("This is the start again. Ctrl+Z brings your text back.");
    editor.focus();
  }

  /** @param {"run" | "check"} what */
  async function act(what) {
    if (running) return;
    running = new AbortController();
    const { signal } = running;
    busy(true);
    print("");
    say("");
    try {
      const python = await panel.start();
      say("Running …");
      const code = editor.text;
      const [task, argument] = what === "run" ? ["run_code", code] : ["check_code", { name, code }];
      const answer = await python.call(PACKAGE, task, argument, { signal, timeoutMs: TIMEOUT });
      if (what === "run") ran(answer);
      else checked(answer);
    } catch (error) {
      // Where Python did not start, the panel has said so.
      if (signal.aborted || !panel.element.textContent?.trim()) say(whyNot(/** @type {Error} */ (error)), "bad");
    } finally {
      running = undefined;
      busy(false);
    }
  }

  /** @param {{ output: string, error: string }} answer */
  function ran({ output, error }) {
    print(output);
    if (error) say(error, "bad");
    else say(output ? "It ran." : "It ran, and printed nothing.");
  }

  /** @param {{ passed: boolean, sentence: string, held: string[], output: string }} answer */
  function checked({ passed, sentence, held, output }) {
    print(output + held.map((what) => `✓ ${what}\n`).join(""));
    say(sentence, passed ? "good" : "bad");
    if (!passed) return;
    remember(name, { solved: version });
    document.dispatchEvent(new CustomEvent("exercise-solved"));
  }

  /** @param {boolean} on */
  function busy(on) {
    stopButton.disabled = !on;
    for (const each of [runButton, checkButton]) each.setAttribute("aria-disabled", String(on));
  }

  /** @param {string} text */
  function print(text) {
    output.textContent = text;
    output.hidden = !text;
    output.tabIndex = output.scrollHeight > output.clientHeight || output.scrollWidth > output.clientWidth ? 0 : -1;
  }

  /** @param {string} sentence @param {"good" | "bad" | ""} [how] */
  function say(sentence, how = "") {
    said.replaceChildren(...sentence.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part)));
    said.dataset.how = how;
  }
}

/** @param {Error} error */
function whyNot(error) {
  return error instanceof Stopped ? error.message : `That did not work: ${error.message}`;
}

/** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("div.live-exercise")).forEach(prepare);
