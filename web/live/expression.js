// The graph of an expression: values are found upward, slopes downward, step by step; typed anew, Python draws it.

import { typed } from "./fields.js";
import { Player } from "./player.js";
import { button, element, startPanel } from "./ui.js";

/** @typedef {{ expression: string, values: Record<string, number>, svg: string, said: string[] }} Drawn */

const LONGEST = 20_000; // milliseconds
const PAUSE = 400; // after the last key, before what is typed is read
const GIVEN = "The variables are given; the rest is to be found.";

class Expression {
  panel = startPanel("The graph stays as it is.");
  asked = 0;
  timer = 0;

  /** @param {HTMLElement} figure */
  constructor(figure) {
    /** @type {{ own: Drawn, others: Record<string, Drawn>, alt: string }} */
    const { own, others } = JSON.parse(figure.querySelector("script")?.textContent ?? "");
    const part = (/** @type {string} */ kind) => /** @type {HTMLElement} */ (figure.querySelector(kind));
    this.id = figure.id;
    this.drawn = own;
    this.graph = part(".expression-graph");
    this.said = part(".live-status");
    this.words = part("ol");
    this.player = new Player(this.id, (step) => this.#show(step), async () => {});
    this.input = element("input", { id: `${this.id}-typed`, type: "text", spellcheck: "false", autocapitalize: "off" });
    this.input.addEventListener("input", () => this.#typed());
    const label = element("label", { for: this.input.id }, "expression");
    this.fields = element("div", { class: "expression-values" });
    const presses = Object.entries({ "as at first": own, ...others }).map(([name, each]) => button(name, () => this.#draw(each, true)));
    part(".expression-controls").append(
      this.player.element,
      element("div", { class: "lab-field expression-typed" }, label, this.input),
      this.fields,
      element("div", { class: "expression-others" }, ...(presses.length > 1 ? presses : [])),
    );
    part(".expression-controls").after(this.panel.element);
    this.#load(true);
  }

  /** @param {Drawn} drawn @param {boolean} chosen whether it is not what the reader types */
  #draw(drawn, chosen) {
    this.drawn = drawn;
    this.asked += 1; // what is under way comes too late
    const parsed = new DOMParser().parseFromString(drawn.svg, "image/svg+xml").documentElement;
    parsed.setAttribute("aria-label", `The graph of ${drawn.expression}`);
    this.graph.replaceChildren(document.importNode(parsed, true));
    this.words.replaceChildren(...drawn.said.map((each) => element("li", {}, each)));
    this.#load(chosen);
  }

  /** @param {boolean} chosen */
  #load(chosen) {
    if (chosen) this.input.value = this.drawn.expression;
    const names = Object.keys(this.drawn.values);
    if (chosen || names.join() !== this.names) {
      const fields = Object.entries(this.drawn.values).map(([name, value]) => this.#field(name, value));
      this.fields.replaceChildren(...fields);
    }
    this.names = names.join();
    this.values = { ...this.drawn.values };
    this.player.seconds = this.drawn.said.length;
    this.player.load(this.drawn.said.length);
  }

  /** @param {string} name @param {number} value */
  #field(name, value) {
    return typed(`${this.id}-of-${name}`, name, value, (to) => {
      this.values = { ...this.values, [name]: to };
      this.#typed();
    });
  }

  /** What is found so far, and what has just been found. @param {number} step */
  #show(step) {
    for (const text of this.graph.querySelectorAll("[data-from]")) {
      text.classList.toggle("expression-unknown", step < Number(text.getAttribute("data-from")));
    }
    for (const part of this.graph.querySelectorAll("[data-up]")) {
      const about = [part.getAttribute("data-up"), part.getAttribute("data-down")];
      part.classList.toggle("expression-now", step > 0 && about.includes(String(step)));
    }
    this.said.textContent = step ? this.drawn.said[step - 1] : GIVEN;
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE);
  }

  /** Have Python read and draw; what is refused leaves the graph. */
  async #ask() {
    const asked = (this.asked += 1);
    const spec = { expression: this.input.value, values: this.values };
    try {
      const python = await this.panel.start().catch(() => undefined); // it has said why
      const drawn = await python?.call("gradient_ascent.minitorch.picture", "drawn", spec, { timeoutMs: LONGEST });
      if (drawn && asked === this.asked) this.#draw({ ...drawn, expression: spec.expression }, false);
    } catch (error) {
      if (asked === this.asked) this.said.textContent = /** @type {Error} */ (error).message;
    }
  }
}

for (const figure of document.querySelectorAll(".expression")) new Expression(/** @type {HTMLElement} */ (figure));
