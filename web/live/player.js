// Play, pause and scrub: which step of the runs is shown. For a reader who wants no motion, a press shows the next stage.

import { button, element } from "./ui.js";

const SECONDS = 4; // from the first step to the last
const STAGES = 10;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Player {
  #frame = 0;
  #last = 1;

  /**
   * @param {string} name the lab's
   * @param {(step: number) => void} show
   */
  constructor(name, show) {
    this.show = show;
    this.play = button("", () => (this.#frame ? this.pause() : this.#start()));
    still.addEventListener("change", () => this.pause());
    this.scrub = element("input", { type: "range", min: "0", step: "1", id: `${name}-step` });
    this.scrub.addEventListener("input", () => {
      this.pause();
      this.#go(this.scrub.valueAsNumber);
    });
    const label = element("label", { for: `${name}-step` }, "step");
    this.said = element("output", { for: `${name}-step`, "aria-live": "off" }); // the slider says it
    this.element = element("div", { class: "lab-player" }, this.play, label, this.scrub, this.said);
    this.pause();
  }

  /**
   * New runs: show their end.
   * @param {number} last the longest run's last step
   */
  load(last) {
    this.pause();
    this.#last = last;
    this.scrub.max = String(last);
    this.#go(last);
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.play.textContent = still.matches ? "Next stage" : "Play";
  }

  #start() {
    const from = this.scrub.valueAsNumber >= this.#last ? 0 : this.scrub.valueAsNumber;
    if (still.matches) return this.#go(Math.min(this.#last, from + Math.ceil(this.#last / STAGES)));
    const began = performance.now();
    this.play.textContent = "Pause";
    const next = (/** @type {number} */ now) => {
      const step = Math.floor(from + (Math.max(0, now - began) / 1000 / SECONDS) * this.#last);
      this.#go(Math.min(step, this.#last));
      if (step >= this.#last) this.pause();
      else this.#frame = requestAnimationFrame(next);
    };
    this.#frame = requestAnimationFrame(next);
  }

  /** @param {number} step */
  #go(step) {
    this.scrub.value = String(step);
    this.said.textContent = `${step} of ${this.#last}`;
    this.scrub.setAttribute("aria-valuetext", this.said.textContent);
    this.show(step);
  }
}
