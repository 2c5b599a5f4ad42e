// A trace lab: shows a figure's runs step by step from what the build recorded, and computes them anew in Python as the
// reader changes them.

import { arrive } from "./arrive.js";
import { charts } from "./charts.js";
import { controls } from "./controls.js";
import { Picture, dotted, swatch } from "./draw.js";
import { read } from "./files.js";
import { Handle } from "./handle.js";
import { Player } from "./player.js";
import { Recorded } from "./recorded.js";
import { Sharing } from "./sharing.js";
import { encode, restore } from "./state.js";
import { button, element, folded, startPanel } from "./ui.js";
import { arrows, worked } from "./worked.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./controls.js").Known} Known
 * @typedef {import("./controls.js").About} About
 * @typedef {import("./recorded.js").Results} Results
 */

const LONGEST = 20_000; // milliseconds for one redraw
const STAYS = "The figure shows the runs as they were.";
const UNREADABLE = "The runs that the address of this page holds cannot be read. These are the book's own.";
const ALONE = "torch.optim: dots at presets only";
const SIDE = /** @type {const} */ ([288, 328]); // pixels: the least width of controls beside the picture, and the most
const GAP = 48; // between them, and to the window's edge
/** @type {Promise<Known> | undefined} */
let known;

class Lab {
  picture = new Picture();
  charts = charts();
  panel = startPanel(STAYS);
  said = element("p", { role: "status", class: "lab-said" });
  code = element("pre", { class: "lab-code", tabindex: "0", "aria-label": "The runs as Python code" });
  worked = element("div", { class: "lab-worked", tabindex: "0", role: "region", "aria-label": "The step in numbers" });
  at = element("span");
  controls = element("div");
  stopping = new AbortController();
  stop = button("Stop", () => this.stopping.abort(), { hidden: true });
  recorded = new Recorded();
  /** @type {Results} */
  results = { runs: [], snippet: "" };
  /** @type {Known | undefined} */
  known;
  /** @type {Promise<void> | undefined} */
  mounting;
  step = 0;
  busy = false;
  again = false;

  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    this.name = figure.id;
    this.sharing = new Sharing(this.name, () => [this.state, this.results.snippet]);
    /** @type {About} */
    this.about = JSON.parse(figure.querySelector("script")?.textContent ?? "");
    this.open = this.about.open;
    this.state = structuredClone(this.about.spec);
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (figure.querySelector(`.lab-${name}`));
    this.box = part("box");
    this.left = part("left");
    this.stage = part("stage");
    this.view = part("view");
    this.still = part("still");
    this.legend = part("legend");
    this.table = part("table-box");
    this.player = new Player(this.name, (step) => this.#show(step), () => this.mount());
    this.presets = [...Object.entries(this.about.presets), /** @type {const} */ (["Reset", this.about.spec])].map(
      ([label, state]) => button(label, () => this.set(state)),
    );
    const notices = element("div", { class: "lab-notices" }, this.panel.element, this.sharing.line, this.stop);
    this.view.append(notices);
    this.stage.append(this.player.element);
    this.side = element("div", { class: "lab-side" }, element("div", { class: "lab-bar" }, ...this.presets), this.controls);
    this.box.append(this.side);
    this.#restore();
    addEventListener("hashchange", () => this.#restore());
    document.addEventListener("lab:set", (event) => this.#driven(/** @type {CustomEvent} */ (event).detail));
    for (const reach of ["pointerenter", "focusin", "touchstart"])
      this.box.addEventListener(reach, () => this.#reach().catch(() => {}), { passive: true });
    const near = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.mount().catch(() => {}), {
      rootMargin: "100% 0px",
    });
    near.observe(figure);
    const room = new ResizeObserver(() => this.#fit());
    for (const part of [this.stage, figure.closest("main") ?? document.body]) room.observe(part);
  }

  /** Put the controls beside the picture where there is room, whatever stands there else. */
  #fit() {
    const room = document.documentElement.clientWidth - this.figure.getBoundingClientRect().right - GAP;
    const [least, most] = SIDE;
    this.box.classList.toggle("lab-beside", room >= least);
    this.box.style.setProperty("--side", `${Math.min(most, room)}px`);
    this.box.style.setProperty("--stage", `${this.stage.offsetHeight}px`);
  }

  /** Start from what the address holds, if it holds this lab. */
  #restore() {
    const state = restore(location.hash, this.name);
    if (state === undefined) return;
    arrive(() => this.figure);
    if (state) this.set(state);
    else this.sharing.say(UNREADABLE);
  }

  /**
   * What drives a lab from elsewhere in the page: some hyperparameters of its run of a rule.
   * @param {{ lab: string, rule: string, hyperparameters: Record<string, number> }} wish
   */
  #driven({ lab, rule, hyperparameters }) {
    const run = lab === this.name && this.state.runs.find((each) => each.rule === rule);
    if (!run) return;
    Object.assign(run.hyperparameters, hyperparameters);
    this.set(this.state);
  }

  /** @param {State} state */
  async set(state) {
    this.state = structuredClone(state);
    try {
      await Promise.all([this.mount(), this.#reach()]);
    } catch {
      return; // it is said why
    }
    this.#build();
    return this.update();
  }

  /** Take the figure over with what the build recorded; once, or again where something did not come. */
  mount() {
    return (this.mounting ??= this.#mount().catch((error) => {
      this.mounting = undefined;
      this.#missing(error);
    }));
  }

  /** Whoever reaches for the lab may press a preset next. */
  #reach() {
    const { recorded, presets } = this.about;
    return this.recorded.load(recorded[1], Object.values(presets)).catch((error) => this.#missing(error));
  }

  /** @param {Error} error @returns {never} */
  #missing(error) {
    this.sharing.say(`${error.message} ${STAYS}`);
    throw error;
  }

  async #mount() {
    const { spec, recorded } = this.about;
    known ??= read(new URL("lab.json", import.meta.url), "What the labs know of the rules");
    known.catch(() => (known = undefined));
    const [knows] = await Promise.all([known, this.recorded.load(recorded[0], [spec])]);
    this.known = knows;
    const land = new Image();
    land.src = new URL(knows.landscapes[spec.landscape].picture, import.meta.url).href;
    await land.decode().catch(() => {}); // so that the figure does not blink
    this.table.hidden = true;
    this.still.replaceWith(this.picture.element);
    const drawn = element("div", { class: "lab-charts" }, ...this.charts.map((chart) => chart.element));
    const wide = this.box.classList.contains("lab-beside");
    const numbers = folded(this.at, wide, this.worked);
    const python = folded("The same runs in Python", false, this.code, element("div", { class: "lab-bar" }, this.sharing.copy));
    this.left.append(element("div", { class: "lab-more" }, this.said, numbers, folded("Charts", wide, drawn), python));
    this.side.append(element("div", { class: "lab-bar" }, this.sharing.share));
    this.view.addEventListener("click", (event) => this.handle?.click(event));
    this.#build();
    await this.update();
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
    this.open = Math.min(this.open, this.state.runs.length - 1);
    const changed = (/** @type {string | undefined} */ anew) => {
      if (anew) this.#build(anew);
      this.update();
    };
    const opened = (/** @type {number} */ run) => {
      this.open = run;
      this.#show(this.step);
    };
    const made = controls(this.name, this.known, this.about, this.state, changed, this.open, opened);
    this.controls.replaceWith(made);
    this.controls = made;
    this.picture.show(landscape, this.known.style);
    this.handle = new Handle(this.picture, landscape, (start) => {
      this.state.start = start;
      start.forEach((value, i) => {
        const input = document.getElementById(`${this.name}-start-${i}`);
        if (input instanceof HTMLInputElement) input.value = String(value);
      });
      this.update();
    });
    this.picture.handles.append(this.handle.element);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  /**
   * Show the runs: as recorded, or else computed; what changes meanwhile is computed next.
   * @returns {Promise<void>}
   */
  async update() {
    if (this.results.runs.length) this.sharing.say(""); // it was about the runs before
    this.#tell("lab:state", { state: this.state });
    const recorded = this.recorded.get(this.state);
    this.again = this.busy;
    if (recorded) this.#draw(recorded);
    if (recorded || this.busy) return;
    this.busy = true;
    const began = performance.now();
    this.stopping = new AbortController();
    const slow = setTimeout(() => (this.stop.hidden = false), 300);
    try {
      const python = await this.panel.start().catch(() => undefined);
      if (!python) return; // it is said why
      const options = { signal: this.stopping.signal, timeoutMs: LONGEST };
      /** @type {Results} */
      const results = await python.call("gradient_ascent.lab", "results", this.state, options);
      if (!this.again) this.#draw(results);
      performance.measure(`redraw ${this.name}`, { start: began });
    } catch (error) {
      this.sharing.say(/** @type {Error} */ (error).message);
    } finally {
      clearTimeout(slow);
      if (document.activeElement === this.stop) this.player.play.focus();
      this.stop.hidden = true;
      this.busy = false;
    }
    if (this.again) return this.update();
  }

  /** @param {Results} results */
  #draw(results) {
    this.results = results;
    const { runs, snippet } = results;
    const { style } = /** @type {Known} */ (this.known);
    for (const chart of this.charts) chart.draw(runs, style);
    const torch = results.torch ? [dotted(style), results.torch.said] : [ALONE];
    const names = [...runs.map(({ rule }, i) => [swatch(style, i), rule]), ...(this.about.torch ? [torch] : [])];
    this.legend.replaceChildren(...names.map((parts) => element("span", {}, ...parts)));
    this.handle?.show(this.state.start, runs[0].objective[0]);
    this.code.textContent = snippet;
    this.said.textContent = [...runs.map((run) => run.outcome), results.torch?.said ?? []].flat().join("; ");
    this.controls.querySelectorAll(".lab-outcome").forEach((each, i) => {
      each.textContent = runs[i].outcome.replace(/^\w+: /, "");
    });
    const now = encode(this.state);
    const states = [...Object.values(this.about.presets), this.about.spec];
    this.presets.forEach((each, i) => each.setAttribute("aria-pressed", String(encode(states[i]) === now)));
    this.player.load(Math.max(...runs.map((run) => run.moves.length)));
  }

  /** @param {number} step */
  #show(step) {
    this.step = step;
    const { runs } = this.results;
    const run = runs[this.open];
    if (!run || !this.known) return;
    const { hyperparameters } = this.state.runs[this.open];
    const usual = this.known.rules[run.rule].map((each) => [each.name, each.default]);
    const { coordinates } = this.known.landscapes[this.state.landscape];
    this.picture.draw(runs, step, this.results.torch?.runs);
    this.picture.arrows.replaceChildren(...arrows(this.picture, run, this.known.style.colors[this.open], step));
    this.at.textContent = `Step ${Math.min(step, run.moves.length) + (step < run.moves.length ? 1 : 0)} of ${run.rule}, in numbers`;
    this.worked.replaceChildren(...worked(run, { ...Object.fromEntries(usual), ...hyperparameters }, coordinates, step));
    for (const chart of this.charts) chart.point(step);
    this.#tell("lab:step", { step, last: Math.max(...runs.map((each) => each.moves.length)) });
  }

  /** @param {string} kind @param {object} what */
  #tell(kind, what) {
    document.dispatchEvent(new CustomEvent(kind, { detail: { lab: this.name, ...what } }));
  }
}

for (const figure of document.querySelectorAll(".trace-lab")) new Lab(/** @type {HTMLElement} */ (figure));
