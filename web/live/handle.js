// The start of the runs, on the picture: drag it, move it with the arrow keys, or click where it is to be.

import { svg } from "./draw.js";
import { KEYS, under } from "./grip.js";
import { brief } from "./scale.js";

export class Handle {
  /** @type {number[]} */
  #at = [];

  /**
   * @param {import("./draw.js").Picture} picture
   * @param {import("./draw.js").Landscape} landscape
   * @param {(start: number[]) => void} moved
   */
  constructor(picture, landscape, moved) {
    this.picture = picture;
    this.landscape = landscape;
    this.moved = moved;
    const role = { role: "slider", tabindex: 0, "aria-label": "Start of the runs: arrow keys move it" };
    const ring = svg("circle", { r: (picture.style?.sizes.ring ?? 0) / 2, class: "lab-ring" });
    this.element = svg("g", { class: "lab-handle", ...role }, svg("circle", { r: 20, class: "lab-touch" }), ring);
    // What touch-action says of a part of a drawing is not heeded: the page would scroll, and the drag be cancelled.
    this.element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    this.element.addEventListener("pointerdown", (event) => this.#grab(/** @type {PointerEvent} */ (event)));
    this.element.addEventListener("pointermove", (event) => this.#drag(/** @type {PointerEvent} */ (event)));
    this.element.addEventListener("keydown", (event) => this.#key(/** @type {KeyboardEvent} */ (event)));
  }

  /**
   * Show where the runs start.
   * @param {number[]} start
   * @param {number} objective the height there
   */
  show(start, objective) {
    this.#at = start;
    const [x, y] = this.picture.place(start, objective);
    this.element.setAttribute("transform", `translate(${x} ${y})`);
    const names = this.landscape.coordinates;
    const said = start.map((value, i) => `${names[i]} ${brief(value)}`).join(", ");
    const [low, high] = this.landscape.domain[0];
    const values = { "aria-valuenow": start[0], "aria-valuemin": low, "aria-valuemax": high, "aria-valuetext": said };
    for (const [name, value] of Object.entries(values)) this.element.setAttribute(name, String(value));
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    event.preventDefault();
    /** @type {SVGElement} */ (this.element).focus();
    this.element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.element.hasPointerCapture(event.pointerId)) this.#move(this.#under(event));
  }

  /** @param {MouseEvent} event */
  click(event) {
    const target = /** @type {Element} */ (event.target);
    if (this.picture.element.contains(target) && !this.element.contains(target)) this.#move(this.#under(event));
  }

  /** The point under the pointer. @param {MouseEvent} event */
  #under(event) {
    const at = under(this.picture.element, event);
    return [this.picture.x?.value(at.x) ?? 0, this.picture.y?.value(at.y) ?? 0];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    const times = event.shiftKey ? 10 : 1;
    const ways = this.#at.length === 1 ? [way[0] + way[1]] : way; // on a line, up is more, as for any slider
    this.#move(this.#at.map((value, i) => value + times * ways[i] * this.#notch(i)));
  }

  /** @param {number[]} to */
  #move(to) {
    const start = this.#at.map((_, i) => {
      const [low, high] = this.landscape.domain[i];
      const notch = this.#notch(i);
      const whole = Math.round(Math.min(high, Math.max(low, to[i])) / notch);
      return Number((whole * notch).toFixed(6));
    });
    if (start.every((value, i) => value === this.#at[i])) return;
    this.#at = start; // the next key may come before the runs are drawn
    this.moved(start);
  }

  /**
   * A hundredth of the domain, rounded down to a power of ten.
   * @param {number} i
   */
  #notch(i) {
    const [low, high] = this.landscape.domain[i];
    return 10 ** Math.floor(Math.log10((high - low) / 50));
  }
}
