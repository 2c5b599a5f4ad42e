// A trace lab: takes the runs of a static figure over, and computes them anew in Python as the reader changes them.

import { arrive } from "./arrive.js";
import { controls, swatch } from "./controls.js";
import { Chart, Picture } from "./draw.js";
import { read } from "./files.js";
import { Handle } from "./handle.js";
import { Player } from "./player.js";
import { restore, share } from "./state.js";
import { button, element, startPanel, statusLine } from "./ui.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./controls.js").Known} Known
 * @typedef {import("./controls.js").About} About
 * @typedef {{ runs: import("./draw.js").Result[], snippet: string }} Results
 */

const LONGEST = 20_000; // milliseconds for one redraw
const STAYS = "The figure shows the runs as the book computed them.";
const UNREADABLE = "The runs that the address of this page holds cannot be read. These are the book's own.";
const CHARTS = /** @type {const} */ ([
  ["objective", "objective"],
  ["rate in force", "rate"],
  ["gradient norm", "gradient_norm"],
]);
/** @type {Promise<Known> | undefined} */
let known;

class Lab {
  picture = new Picture();
  charts = CHARTS.map(([title, quantity]) => new Chart(title, quantity));
  panel = startPanel(STAYS);
  said = statusLine();
  code = element("pre", { class: "lab-code", tabindex: "0", "aria-label": "The runs as Python code" });
  controls = element("div");
  legend = element("div", { class: "lab-legend" });
  stopping = new AbortController();
  stop = button("Stop", () => this.stopping.abort(), { hidden: true });
  /** @type {Results} */
  results = { runs: [], snippet: "" };
  /** @type {Known | undefined} */
  known;
  live = false;
  busy = false;
  again = false;

  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    this.name = figure.id;
    /** @type {About} */
    this.about = JSON.parse(figure.querySelector("script")?.textContent ?? "");
    this.state = structuredClone(this.about.spec);
    this.player = new Player(this.name, (step) => this.#show(step));
    this.still = /** @type {HTMLImageElement} */ (figure.querySelector(".lab-still"));
    this.table = /** @type {HTMLElement} */ (figure.querySelector(".lab-table-box"));
    this.run = button("Run it live", () => this.start(), { class: "live-button lab-run-button" });
    const presets = Object.entries(this.about.presets).map(([label, state]) => button(label, () => this.set(state)));
    this.bar = element("div", { class: "lab-bar" }, this.run, ...presets);
    this.still.after(this.bar, this.panel.element);
    this.#restore();
    addEventListener("hashchange", () => this.#restore());
  }

  /** Start from what the address holds, if it holds this lab. */
  #restore() {
    const state = restore(location.hash, this.name);
    if (state === undefined) return;
    arrive(() => this.figure);
    if (state) return void this.set(state);
    this.#sayBefore(UNREADABLE);
  }

  /** @param {State} state */
  set(state) {
    this.state = structuredClone(state);
    if (this.live) this.#build();
    return this.start();
  }

  /** Take the figure over, once Python is there, and compute. */
  async start() {
    if (!this.live) {
      const pressed = /** @type {HTMLElement} */ (document.activeElement);
      this.run.disabled = true;
      try {
        [this.known] = await Promise.all([this.#learn(), this.panel.start()]);
      } catch {
        return; // it is said why
      } finally {
        this.run.disabled = false;
      }
      this.#goLive();
      // What was pressed has moved, and lost the focus to nothing; Run it live is gone.
      const next = pressed === this.run ? this.player.play : pressed;
      if (this.figure.contains(pressed)) next.focus({ preventScroll: true });
    }
    return this.update();
  }

  /** What every lab knows. */
  async #learn() {
    try {
      return await (known ??= read(new URL("lab.json", import.meta.url), "What the labs know of the rules"));
    } catch (error) {
      known = undefined;
      this.#sayBefore(`${/** @type {Error} */ (error).message} ${STAYS}`);
      throw error;
    }
  }

  #goLive() {
    if (this.live) return;
    this.live = true;
    this.run.hidden = true;
    this.still.hidden = this.table.hidden = true;
    const reset = button("Reset", () => this.set(this.about.spec));
    const link = button("Share", () => this.#share());
    const copy = button("Copy as Python", () => this.#copy(this.results.snippet, "Copied: the runs as Python code."));
    this.bar.append(reset, link, copy);
    const charts = element("div", { class: "lab-charts" }, ...this.charts.map((chart) => chart.element));
    const python = element("details", { class: "lab-python" }, element("summary", {}, "The same runs in Python"), this.code);
    const box = element("div", { class: "lab-live" }, this.said, this.player.element, charts, this.controls, python);
    box.prepend(this.picture.element, this.legend);
    this.player.element.append(this.stop); // where it comes and goes without moving what is below
    this.bar.before(box);
    box.after(this.panel.element);
    box.prepend(this.bar);
    this.#build();
  }

  /**
   * Make the controls and the picture anew, for the state's landscape and rules.
   * @param {string} [focused] the name of the control that is focused then
   */
  #build(focused = document.activeElement?.id) {
    if (!this.known) return;
    const { landscapes, rules } = this.known;
    const landscape = Object.hasOwn(landscapes, this.state.landscape) && landscapes[this.state.landscape];
    // An address may hold anything; Python will say what is wrong with it.
    if (!landscape || this.state.runs.some(({ rule }) => !Object.hasOwn(rules, rule))) return;
    const made = controls(this.name, this.known, this.about, this.state, (anew) => {
      if (anew) this.#build(anew);
      this.update();
    });
    this.controls.replaceWith(made);
    this.controls = made;
    this.picture.show(landscape);
    this.handle = new Handle(this.picture, landscape, (start) => {
      this.state.start = start;
      start.forEach((value, i) => {
        const input = document.getElementById(`${this.name}-start-${i}`);
        if (input instanceof HTMLInputElement) input.value = String(value);
      });
      this.update();
    });
    this.picture.element.append(this.handle.element);
    if (focused) document.getElementById(focused)?.focus();
  }

  /**
   * Compute and draw; what changes meanwhile is computed next.
   * @returns {Promise<void>}
   */
  async update() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    const began = performance.now();
    this.stopping = new AbortController();
    const slow = setTimeout(() => (this.stop.hidden = false), 300);
    try {
      const python = await this.panel.start();
      const options = { signal: this.stopping.signal, timeoutMs: LONGEST };
      this.results = await python.call("gradient_ascent.lab", "results", this.state, options);
      this.#draw();
      performance.measure(`redraw ${this.name}`, { start: began });
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
    } finally {
      clearTimeout(slow);
      if (document.activeElement === this.stop) this.player.play.focus();
      this.stop.hidden = true;
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      return this.update();
    }
  }

  #draw() {
    const { runs, snippet } = this.results;
    for (const chart of this.charts) chart.draw(runs);
    this.legend.replaceChildren(...runs.map(({ rule }, i) => element("span", {}, swatch(i), rule)));
    this.handle?.show(this.state.start, runs[0].objective[0]);
    this.player.load(Math.max(...runs.map((run) => run.step_size.length)));
    this.code.textContent = snippet;
    this.#say(runs.map((run) => run.outcome).join("; "));
  }

  /** @param {number} step */
  #show(step) {
    this.picture.draw(this.results.runs, step);
    for (const chart of this.charts) chart.point(step);
  }

  #share() {
    const address = share(location.href, this.name, this.state);
    history.replaceState(history.state, "", address);
    return this.#copy(address, "Copied: the address of this page with these runs.");
  }

  /**
   * @param {string} text
   * @param {string} done
   */
  async #copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      this.#say(done);
    } catch {
      this.#say("The browser does not let this page copy. The address bar holds the runs, the code stands below.");
    }
  }

  /** Say something of a lab that may not be live yet. @param {string} text */
  #sayBefore(text) {
    if (!this.live) this.bar.after(this.said);
    this.#say(text);
  }

  /** @param {string} text */
  #say(text) {
    this.said.textContent = text;
  }
}

for (const figure of document.querySelectorAll(".trace-lab")) new Lab(/** @type {HTMLElement} */ (figure));
