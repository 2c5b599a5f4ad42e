// A point of a diagram that the reader moves: dragged, by the arrow keys, or by a press on its panel.

import { svg } from "./draw.js";
import { KEYS, under } from "./grip.js";
import { scales } from "./layers.js";
import { brief } from "./scale.js";

/**
 * @typedef {import("./layers.js").Panel} Panel
 * @typedef {import("./layers.js").Handle} Handle
 * @typedef {{ name: string, label: string, unit: string, default: number, range: [number, number], whole: boolean }} Parameter
 * @typedef {Record<string, number>} Values
 */

export class Point {
  /**
   * @param {Panel} panel
   * @param {import("./layers.js").Style} style
   * @param {Parameter[]} parameters
   * @param {(values: Values) => void} moved
   */
  constructor(panel, style, parameters, moved) {
    this.panel = panel;
    this.scales = scales(panel);
    this.parameters = parameters;
    this.moved = moved;
    const look = { fill: style.casing, stroke: style.ink };
    const ring = svg("circle", { r: style.sizes.ring / 2, class: "diagram-ring", ...look });
    const touch = svg("circle", { r: 20, class: "diagram-touch" });
    this.element = /** @type {SVGGElement} */ (
      svg("g", { class: "diagram-point", role: "slider", tabindex: 0 }, touch, ring)
    );
    const { left, top, width, height } = panel;
    this.area = svg("rect", { x: left, y: top, width, height, class: "diagram-area" });
    this.element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    this.element.addEventListener("pointerdown", (event) => this.#grab(event));
    this.element.addEventListener("pointermove", (event) => this.#drag(event));
    this.element.addEventListener("keydown", (event) => this.#key(event));
    // A finger may want to scroll: it moves the point by a tap.
    this.area.addEventListener("pointerdown", (event) => {
      if (/** @type {PointerEvent} */ (event).pointerType !== "touch") this.#grab(/** @type {PointerEvent} */ (event));
    });
    this.area.addEventListener("click", (event) => this.#to(/** @type {MouseEvent} */ (event)));
  }

  /**
   * Show where it stands.
   * @param {Handle} handle
   * @param {Values} values
   */
  show(handle, values) {
    this.handle = handle;
    const [x, y] = handle.at;
    this.element.setAttribute("transform", `translate(${this.scales.x.place(x)} ${this.scales.y.place(y)})`);
    const own = this.#own();
    const said = own.map(({ label, name }) => `${label} ${brief(values[name])}`).join("; ");
    const [{ name, range }] = own;
    const aria = { label: `${handle.name}: arrow keys move it`, valuenow: values[name], valuemin: range[0], valuemax: range[1] };
    for (const [key, value] of Object.entries({ ...aria, valuetext: said })) this.element.setAttribute(`aria-${key}`, String(value));
  }

  /** The parameters that it sets. */
  #own() {
    return this.parameters.filter(({ name }) => this.handle?.sets.includes(name));
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    this.#to(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.element.hasPointerCapture(event.pointerId)) this.#to(event);
  }

  /** @param {MouseEvent} event */
  #to(event) {
    const at = under(this.element, event);
    this.#move([this.scales.x.value(at.x), this.scales.y.value(at.y)]);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = KEYS[event.key];
    if (!way || !this.handle) return;
    event.preventDefault();
    const times = event.shiftKey ? 10 : 1;
    const alone = this.handle.sets.includes(null); // on a line, up is more, as for any slider
    const ways = alone ? [way[0] + way[1], way[0] + way[1]] : way;
    this.#move([0, 1].map((i) => (this.handle?.at[i] ?? 0) + times * ways[i] * this.#notch(i)));
  }

  /** @param {number[]} to */
  #move(to) {
    const handle = this.handle;
    if (!handle) return;
    /** @type {Values} */
    const values = {};
    const at = /** @type {[number, number]} */ ([...handle.at]);
    handle.sets.forEach((name, i) => {
      const parameter = this.parameters.find((each) => each.name === name);
      if (!parameter) return;
      const [low, high] = parameter.range;
      const notch = this.#notch(i);
      const near = Math.min(high, Math.max(low, to[i]));
      values[parameter.name] = at[i] = Number((Math.round(near / notch) * notch).toFixed(6));
    });
    if (at.every((place, i) => place === handle.at[i])) return;
    this.show({ ...handle, at }, values); // at once; what follows from it comes with the drawing
    this.moved(values);
  }

  /**
   * Some hundredths of an axis, a power of ten.
   * @param {number} i
   */
  #notch(i) {
    const [low, high] = i ? this.panel.y : this.panel.x;
    return 10 ** Math.floor(Math.log10((high - low) / 200) + 1e-9);
  }
}
