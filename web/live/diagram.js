// A diagram: takes its picture over, and has Python compute it anew as the reader moves a point or a slider.

import { svg } from "./draw.js";
import { pair } from "./fields.js";
import { cells, curve } from "./layers.js";
import { Point } from "./point.js";
import { listen, tell } from "./tie.js";
import { button, element, startPanel } from "./ui.js";

/**
 * @typedef {import("./layers.js").Panel} Panel
 * @typedef {import("./point.js").Values} Values
 * @typedef {{ layers: Record<string, import("./layers.js").Layer[]>, said: string, answer: number | null }} Drawn
 * @typedef {{ diagram: string, values: Values, parameters: import("./point.js").Parameter[], picture: string,
 *   size: [number, number], panels: Record<string, Panel>, style: import("./layers.js").Style,
 *   known: { values: Values, drawn: Drawn }[], alt: string, ask: string | null, drives: import("./tie.js").Drives | null }} About
 */

const LONGEST = 20_000; // milliseconds for one redraw
const STAYS = "The picture stays as the book drew it.";

class Diagram {
  panel = startPanel(STAYS);
  picture = svg("svg", { class: "diagram-picture", role: "group" });
  /** @type {Map<string, Point>} */
  points = new Map();
  /** @type {Map<string, Element>} */
  layers = new Map();
  busy = false;
  again = false;

  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    /** @type {About} */
    this.about = JSON.parse(figure.querySelector("script")?.textContent ?? "");
    this.values = { ...this.about.values };
    this.drawn = this.about.known[0].drawn;
    this.said = /** @type {HTMLElement} */ (figure.querySelector(".live-status"));
    this.controls = /** @type {HTMLElement} */ (figure.querySelector(".diagram-controls"));
    this.#build();
    this.#draw();
    this.said.after(this.panel.element);
    if (this.about.ask) this.#ask(this.about.ask);
    else this.#sliders();
    if (this.about.drives) listen(this.about.drives, (values) => this.#hear(values));
  }

  /** The picture: its ground, and in each panel room for what changes. */
  #build() {
    const { panels, style, size, picture, alt } = this.about;
    const still = /** @type {HTMLElement} */ (this.figure.querySelector(".diagram-still"));
    this.picture.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    this.picture.setAttribute("aria-label", alt);
    this.picture.append(svg("image", { href: picture, width: size[0], height: size[1] }));
    const points = [];
    for (const [name, panel] of Object.entries(panels)) {
      const { left, top, width, height } = panel;
      const id = `${this.figure.id}-${name}`;
      const layers = svg("g", { "clip-path": `url(#${id})` });
      this.layers.set(name, layers);
      this.picture.append(svg("clipPath", { id }, svg("rect", { x: left, y: top, width, height })), layers);
      if (!this.drawn.layers[name].some(({ kind }) => kind === "Handle")) continue;
      const point = new Point(panel, style, this.about.parameters, (values) => this.#moved(values));
      this.points.set(name, point);
      points.push(point);
    }
    for (const { area } of points) this.picture.append(area);
    for (const { element } of points) this.picture.append(element);
    still.hidden = true;
    still.after(this.picture);
  }

  #draw() {
    const { panels, style } = this.about;
    for (const [name, layers] of Object.entries(this.drawn.layers)) {
      const drawn = layers.flatMap((each) => {
        if (each.kind === "Curve") return [curve(panels[name], each, style)];
        if (each.kind === "Cells") return [cells(panels[name], each, style)];
        if (!this.again) this.points.get(name)?.show(each, this.values); // else it has been moved on
        return [];
      });
      this.layers.get(name)?.replaceChildren(...drawn);
    }
    this.said.textContent = this.drawn.said;
  }

  /** Python has not started, and it is said why. @returns {undefined} */
  #restore() {
    this.again = false;
    this.values = { ...this.about.values };
    this.#sliders();
  }

  #sliders() {
    const made = this.about.parameters.map(({ name, ...parameter }) => {
      const set = (/** @type {number} */ value) => this.#change({ [name]: value });
      return pair({ ...parameter, id: `${this.figure.id}-${name}`, value: this.values[name], set });
    });
    this.controls.replaceChildren(...made);
  }

  /**
   * Ask what will happen before it is shown.
   * @param {string} question
   */
  #ask(question) {
    const [names] = Object.values(this.drawn.layers)
      .flat()
      .flatMap((each) => (each.kind === "Cells" ? [each.names] : []));
    const answers = names.map((name, i) => button(name, () => this.#uncover(i, names)));
    const box = element("fieldset", { class: "diagram-ask" }, element("legend", {}, question), ...answers);
    this.controls.replaceChildren(box);
  }

  /**
   * @param {number} [answer] what the reader said
   * @param {string[]} [names]
   */
  #uncover(answer, names = []) {
    if (!this.figure.classList.contains("diagram-covered")) return;
    this.figure.classList.remove("diagram-covered");
    const focused = this.controls.contains(document.activeElement);
    this.#sliders();
    if (focused) this.controls.querySelector("input")?.focus({ preventScroll: true });
    if (answer === undefined) return;
    const verdict = answer === this.drawn.answer ? "Right." : `You said ${names[answer]}.`;
    this.said.textContent = `${verdict} ${this.drawn.said}`;
  }

  /** By a point: the sliders follow. @param {Values} values */
  #moved(values) {
    this.#change(values);
    this.#sliders();
  }

  /** @param {Values} values */
  #change(values) {
    Object.assign(this.values, values);
    this.#uncover();
    if (this.about.drives) tell(this.about.drives, this.values);
    this.#update();
  }

  /** By the lab. What this diagram cannot show it leaves alone. @param {Values} values */
  #hear(values) {
    const shown = Object.entries(values).every(([name, value]) => {
      const range = this.about.parameters.find((each) => each.name === name)?.range;
      return range && range[0] <= value && value <= range[1];
    });
    if (!shown || this.#stands(values)) return;
    Object.assign(this.values, values);
    this.#sliders();
    this.#update();
  }

  /** Whether the parameters have these values. @param {Values} values */
  #stands(values) {
    return Object.entries(values).every(([name, value]) => this.values[name] === value);
  }

  /**
   * Compute and draw, unless the build did; what changes meanwhile is computed next.
   * @returns {Promise<void>}
   */
  async #update() {
    this.again = this.busy;
    if (this.busy) return;
    const known = this.about.known.find(({ values }) => this.#stands(values));
    if (known) {
      this.drawn = known.drawn;
      return this.#draw();
    }
    this.busy = true;
    const began = performance.now();
    try {
      const python = await this.panel.start().catch(() => this.#restore());
      const spec = { diagram: this.about.diagram, values: this.values };
      this.drawn = await python?.call("gradient_ascent.diagrams", "drawn", spec, { timeoutMs: LONGEST }) ?? this.drawn;
      this.#draw();
      performance.measure(`redraw ${this.figure.id}`, { start: began });
    } catch (error) {
      this.said.textContent = /** @type {Error} */ (error).message;
    } finally {
      this.busy = false;
    }
    if (this.again) return this.#update();
  }
}

for (const figure of document.querySelectorAll(".diagram")) new Diagram(/** @type {HTMLElement} */ (figure));
