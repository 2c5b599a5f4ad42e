// An exercise that runs and is checked in the page. Until the reader asks for it, it is text, and loads nothing.

import { remember, recall, isSolved } from "./memory.js";
import { Stopped } from "./python.js";
import { AGAIN, button, element, startPanel, statusLine } from "./ui.js";

const PACKAGE = "gradient_ascent.exercises.page";
const KEYS = "Ctrl+Enter runs, Ctrl+Shift+Enter checks; Tab indents, Esc and then Tab leaves the editor.";
const UNKEPT = "This browser does not keep your text: its storage is full, or blocked for this site. Copy it before you leave.";
const TIMEOUT = 10_000; // ms; Python itself stops the reader's code sooner, and names the line

/** @typedef {{ text: string, focus(): void }} Editor */

class Exercise {
  said = statusLine();
  output = element("pre", { role: "log", "aria-label": "Output", class: "live-output", hidden: true });
  panel = startPanel("The exercise also runs at a terminal: python -m gradient_ascent.exercises");
  run = button("Run", () => void this.act("run"));
  check = button("Check", () => void this.act("check"));
  stop = button("Stop", () => this.running?.abort(), { disabled: true });
  unkept = element("p", { role: "status", class: "live-hint" });
  tries = 0;
  /** @type {AbortController | undefined} */
  running;
  /** @type {Editor | undefined} */
  editor;

  /** @param {HTMLElement} place the empty element that the exercise's editor goes to */
  constructor(place) {
    const box = /** @type {HTMLElement} */ (place.parentElement);
    const { name = "", version = "", title = "" } = place.dataset;
    this.place = place;
    this.name = name;
    this.version = version;
    this.title = title;
    this.still = /** @type {HTMLElement} */ (box.querySelector(".live-stub"));
    this.stub = this.still.querySelector("pre")?.textContent ?? "";
    const begun = recall(name).text !== undefined;
    this.begin = button(begun ? "Go on where you left off" : "Try it here", () => void this.#load());
    place.append(this.begin, this.said);
    if (isSolved(name, version)) this.say("You have solved this one.");
  }

  async #load() {
    this.begin.disabled = true;
    this.say("Loading the editor …");
    try {
      const { createEditor } = await import(new URL(`editor.js?${this.tries++}`, import.meta.url).href);
      this.#open(createEditor);
    } catch {
      this.say(`The editor could not be loaded. ${AGAIN}`);
      this.begin.disabled = false;
    }
  }

  /** @param {(host: HTMLElement, options: object) => Editor} createEditor */
  #open(createEditor) {
    const before = recall(this.name);
    const host = element("div", { class: "live-editor" });
    const reset = button("Reset", () => this.#reset());
    const buttons = element("div", { class: "live-buttons" }, this.run, this.check, this.stop, reset);
    const keys = element("p", { class: "live-hint" }, KEYS);
    this.place.replaceChildren(host, buttons, this.panel.element, this.said, this.output, this.unkept, keys);
    this.still.hidden = true;
    this.say("");
    this.editor = createEditor(host, {
      text: before.text ?? this.stub,
      label: `Your code: ${this.title}`,
      onChange: (/** @type {string} */ text) => this.#keep({ text, version: this.version }),
      onRun: () => void this.act("run"),
      onCheck: () => void this.act("check"),
    });
    this.editor.focus();
    if (before.text !== undefined && before.version !== this.version)
      this.say("The exercise has changed since you wrote this. Your text is kept; Reset shows the new start.");
  }

  /** Remember this, or say that it is not kept. @param {import("./memory.js").Memory} news */
  #keep(news) {
    this.unkept.textContent = remember(this.name, news) ? "" : UNKEPT;
  }

  #reset() {
    if (!this.editor) return;
    this.editor.text = this.stub;
    this.#keep({ text: undefined, version: undefined });
    this.print("");
    this.say("This is the start again. Ctrl+Z brings your text back.");
    this.editor.focus();
  }

  /** @param {"run" | "check"} what */
  async act(what) {
    if (this.running) return;
    this.running = new AbortController();
    this.#busy(true);
    this.print("");
    this.say("");
    try {
      const python = await this.panel.start().catch(() => undefined); // it has said why
      if (python) await this.#ask(python, what, this.running.signal);
    } catch (error) {
      this.say(whyNot(/** @type {Error} */ (error)), "bad");
    } finally {
      this.running = undefined;
      this.#busy(false);
    }
  }

  /**
   * @param {import("./python.js").Python} python
   * @param {"run" | "check"} what
   * @param {AbortSignal} signal
   */
  async #ask(python, what, signal) {
    this.say("Running …");
    const code = this.editor?.text;
    const [task, argument] = what === "run" ? ["run_code", code] : ["check_code", { name: this.name, code }];
    const answer = await python.call(PACKAGE, task, argument, { signal, timeoutMs: TIMEOUT });
    if (what === "run") this.#ran(answer);
    else this.#checked(answer);
  }

  /** @param {{ output: string, error: string }} answer */
  #ran({ output, error }) {
    this.print(output);
    if (error) this.say(error, "bad");
    else this.say(output ? "It ran." : "It ran, and printed nothing.");
  }

  /** @param {{ passed: boolean, sentence: string, held: string[], output: string }} answer */
  #checked({ passed, sentence, held, output }) {
    this.print(output + held.map((what) => `✓ ${what}\n`).join(""));
    this.say(sentence, passed ? "good" : "bad");
    if (!passed) return;
    this.#keep({ solved: this.version });
    document.dispatchEvent(new CustomEvent("exercise-solved"));
  }

  /** @param {boolean} on */
  #busy(on) {
    this.stop.disabled = !on;
    for (const each of [this.run, this.check]) each.setAttribute("aria-disabled", String(on));
  }

  /** @param {string} text */
  print(text) {
    const { output } = this;
    output.textContent = text;
    output.hidden = !text;
    output.tabIndex = output.scrollHeight > output.clientHeight || output.scrollWidth > output.clientWidth ? 0 : -1;
  }

  /** @param {string} sentence @param {"good" | "bad" | ""} [how] */
  say(sentence, how = "") {
    this.said.replaceChildren(...sentence.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part)));
    this.said.dataset.how = how;
  }
}

/** @param {Error} error */
function whyNot(error) {
  return error instanceof Stopped ? error.message : `That did not work: ${error.message}`;
}

for (const place of document.querySelectorAll("div.live-exercise")) new Exercise(/** @type {HTMLElement} */ (place));
