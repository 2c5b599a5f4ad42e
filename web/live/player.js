// Play, pause, step and scrub: which step of the runs is shown. For a reader who wants no motion, Play shows the next stage.

import { button, element } from "./ui.js";

const STAGES = 10;
const STEPS = [-1, 1, 10, 100];
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Player {
  seconds = 4; // from the first step to the last
  #frame = 0;
  #last = 1;

  /**
   * @param {string} name the lab's
   * @param {(step: number) => void} show
   * @param {() => Promise<unknown>} ready when there are runs
   */
  constructor(name, show, ready) {
    this.show = show;
    this.play = button("", () => (this.#frame ? this.pause() : ready().then(() => this.#start())), { class: "live-button lab-play" });
    this.steps = STEPS.map((by) => {
      const said = `${by < 0 ? "back" : "on"} ${Math.abs(by)} ${Math.abs(by) === 1 ? "step" : "steps"}`;
      const pressed = () => ready().then(() => this.#step(by));
      return button(`${by < 0 ? "−" : "+"}${Math.abs(by)}`, pressed, { "aria-label": said, class: "live-button lab-by" });
    });
    still.addEventListener("change", () => this.pause());
    this.scrub = element("input", { type: "range", min: "0", step: "1", id: `${name}-step` });
    this.scrub.addEventListener("input", () => {
      this.pause();
      this.#go(this.scrub.valueAsNumber);
    });
    const label = element("label", { for: `${name}-step` }, "step");
    const [back, ...on] = this.steps;
    this.said = element("output", { for: `${name}-step`, "aria-live": "off" }); // the slider says it
    this.element = element("div", { class: "lab-player" }, this.play, back, ...on, label, this.scrub, this.said);
    this.pause();
  }

  /**
   * New runs: show their end, or the step that the reader had chosen.
   * @param {number} last the longest run's last step
   */
  load(last) {
    this.pause();
    const chosen = this.scrub.valueAsNumber;
    const at = chosen >= this.#last ? last : Math.min(chosen, last);
    this.#last = last;
    this.scrub.max = String(last);
    this.steps.forEach((each, i) => (each.hidden = STEPS[i] > Math.max(1, last)));
    this.#go(at);
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.play.textContent = still.matches ? "Next stage" : "Play";
  }

  /** @param {number} by */
  #step(by) {
    this.pause();
    this.#go(Math.min(this.#last, Math.max(0, this.scrub.valueAsNumber + by)));
  }

  #start() {
    const from = this.scrub.valueAsNumber >= this.#last ? 0 : this.scrub.valueAsNumber;
    if (still.matches) return this.#go(Math.min(this.#last, from + Math.ceil(this.#last / STAGES)));
    const began = performance.now();
    this.play.textContent = "Pause";
    const next = (/** @type {number} */ now) => {
      const step = Math.floor(from + (Math.max(0, now - began) / 1000 / this.seconds) * this.#last);
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
