// The race on the first page. The build has run it, from many starts: here it goes on at once, and a click or an arrow
// key shows another. For a reader who wants no motion each is shown when it is over.

import { svg } from "./draw.js";
import { read } from "./files.js";
import { KEYS, under } from "./grip.js";
import { button } from "./ui.js";

/**
 * @typedef {[number, number]} Place in the picture
 * @typedef {{ x: number[], y: number[], said: string[], races: { said: number, runs: number[][] }[] }} Races by rows from
 *   the south; a run is its first place, and how far each step moves it on
 */

const SECONDS = 4.5; // of motion: what moves for more than five must have a pause
const HASTE = 1.5; // the first steps are the longest: the clock of a race goes faster and faster
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** One rule's path. */
class Run {
  /** @param {Element} drawn */
  constructor(drawn) {
    this.lines = [...drawn.querySelectorAll("polyline")];
    this.head = /** @type {Element} */ (drawn.querySelector(".race-head"));
    this.places = [...this.lines[0].points].map(({ x, y }) => /** @type {Place} */ ([x, y]));
  }

  /** Draw the path up to a moment, which may lie between two steps. @param {number} steps */
  show(steps) {
    const whole = Math.min(Math.floor(steps), this.places.length - 1);
    const [x, y] = this.places[whole];
    const [nextX, nextY] = this.places[whole + 1] ?? [x, y];
    const share = steps - whole;
    const now = [x + share * (nextX - x), y + share * (nextY - y)];
    const points = [...this.places.slice(0, whole + 1), now].join(" ");
    for (const line of this.lines) line.setAttribute("points", points);
    move(this.head, now);
  }
}

class Race {
  #frame = 0;
  #at = 0; // the race that is shown, if there are any others
  /** @type {Races | undefined} */
  #races;
  /** @type {Place[]} */
  #starts = [];

  /** @param {HTMLElement} box */
  constructor(box) {
    const find = (/** @type {string} */ part) => /** @type {HTMLElement} */ (box.querySelector(part));
    this.picture = /** @type {SVGSVGElement} */ (box.querySelector(".race-hills svg"));
    this.runs = [...box.querySelectorAll(".race-run")].map((drawn) => new Run(drawn));
    this.ring = find(".race-start");
    this.said = find(".race-said");
    this.words = this.said.textContent ?? "";
    this.hint = find(".race-hint");
    find(".race-controls").append(button("Race again", () => this.#again()));
    this.#go();
    this.#load(new URL(String(box.dataset.races), location.href));
  }

  /** Let the reader choose the start, once the other races are here. @param {URL} url */
  async #load(url) {
    try {
      this.#races = /** @type {Races} */ (await read(url, "The other races"));
    } catch (error) {
      this.hint.textContent = /** @type {Error} */ (error).message;
      this.hint.hidden = false;
      return;
    }
    this.#starts = this.#races.races.map(({ runs: [[x, y]] }) => [x, y]);
    const first = this.runs[0].places[0];
    this.#at = this.#nearest(first);
    const dots = this.#starts.map(([x, y]) => `M${x} ${y}h0`).join("");
    this.picture.prepend(svg("path", { class: "race-starts", d: dots }));
    for (const [name, value] of Object.entries({
      role: "slider",
      tabindex: "0",
      "aria-label": "Start of the race: arrow keys move it",
      "aria-valuemin": "1",
      "aria-valuemax": String(this.#starts.length),
    }))
      this.ring.setAttribute(name, value);
    this.#tell();
    this.ring.addEventListener("keydown", (event) => this.#key(event));
    this.picture.addEventListener("click", (event) => {
      const { x, y } = under(this.picture, event);
      this.#from(this.#nearest([x, y]));
    });
    this.hint.hidden = false;
  }

  /** @param {Place} place */
  #nearest([x, y]) {
    const far = this.#starts.map(([across, down]) => Math.hypot(across - x, down - y));
    return far.indexOf(Math.min(...far));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = KEYS[event.key];
    if (!way || !this.#races) return;
    event.preventDefault();
    const { x, y } = this.#races;
    const column = (this.#at % x.length) + way[0];
    const row = Math.floor(this.#at / x.length) + way[1];
    if (column in x && row in y) this.#from(row * x.length + column);
  }

  /** Race from another start. @param {number} which */
  #from(which) {
    const { races, said } = /** @type {Races} */ (this.#races);
    const race = races[which];
    this.#at = which;
    race.runs.forEach((moves, i) => (this.runs[i].places = places(moves)));
    this.words = said[race.said];
    move(this.ring, this.#starts[which]);
    this.#tell();
    this.#again();
  }

  /** Say where the ring is. */
  #tell() {
    const { x, y } = /** @type {Races} */ (this.#races);
    const [east, north] = [x[this.#at % x.length], y[Math.floor(this.#at / x.length)]];
    this.ring.setAttribute("aria-valuenow", String(this.#at + 1));
    this.ring.setAttribute("aria-valuetext", `x ${east}, y ${north}`);
  }

  /** Race because the reader wants it: from now on the outcome is read out. */
  #again() {
    this.said.setAttribute("role", "status");
    this.#go();
  }

  #go() {
    cancelAnimationFrame(this.#frame);
    const last = Math.max(...this.runs.map(({ places }) => places.length - 1));
    const show = (/** @type {number} */ share) => {
      for (const run of this.runs) run.show(last * share ** HASTE);
      this.said.textContent = share === 1 ? this.words : "";
    };
    if (still.matches) return show(1);
    let [shown, before] = [0, performance.now()];
    const next = (/** @type {number} */ now) => {
      shown += Math.min(Math.max(0, now - before), 100) / 1000; // no leap where nobody looked
      before = now;
      show(Math.min(1, shown / SECONDS));
      if (shown < SECONDS) this.#frame = requestAnimationFrame(next);
    };
    show(0);
    this.#frame = requestAnimationFrame(next);
  }
}

/** @param {number[]} moves @returns {Place[]} */
function places(moves) {
  let [x, y] = [0, 0];
  return Array.from({ length: moves.length / 2 }, (_, t) => [(x += moves[2 * t]), (y += moves[2 * t + 1])]);
}

/** @param {Element} mark @param {number[]} place */
function move(mark, [x, y]) {
  mark.setAttribute("transform", `translate(${x} ${y})`);
}

for (const box of document.querySelectorAll(".race")) new Race(/** @type {HTMLElement} */ (box));
