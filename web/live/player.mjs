// Play, pause and scrub: which step of the runs is shown.

import { button, element } from "./ui.mjs";

const SECONDS = 4; // from the first step to the last

export class Player {
  #frame = 0;
  #last = 1;

  /**
   * @param {string} name the lab's
   * @param {(step: number) => void} show
   */
  constructor(name, show) {
    this.show = show;
    this.play = button("Play", () => (this.#frame ? this.pause() : this.#start()));
    this.scrub = element("input", { type: "range", min: "0", step: "1", id: `${name}-step` });
    this.scrub.addEventListener("input", () => {
      this.pause();
      this.#go(this.scrub.valueAsNumber);
    });
    const label = element("label", { for: `${name}-step` }, "step");
    this.said = element("output", { for: `${name}-step` });
    this.element = element("div", { class: "lab-player" }, this.play, label, this.scrub, this.said);
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
    this.play.textContent = "Play";
  }

  #start() {
    const from = this.scrub.valueAsNumber >= this.#last ? 0 : this.scrub.valueAsNumber;
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
    this.show(step);
  }
}
