// The controls of a lab: each run's rule and hyperparameters, where the runs start and how long they are. One run is open.

import { swatch } from "./draw.js";
import { check, optional, pair, select, typed } from "./fields.js";
import { button, element } from "./ui.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Run} Run
 * @typedef {import("./state.js").Value} Value
 * @typedef {{ name: string, label: string, unit: string, default: Value, first: boolean, whole: boolean,
 *   range: [number, number] | null, on: number | null }} Hyperparameter
 * @typedef {{ landscapes: Record<string, import("./draw.js").Landscape>, rules: Record<string, Hyperparameter[]>,
 *   style: import("./draw.js").Style }} Known
 * @typedef {{ spec: State, ranges: Record<string, Record<string, [number, number]>>, presets: Record<string, State>,
 *   open: number, recorded: [string, string], torch: boolean }} About
 */

const MOST_RUNS = 4;

/**
 * @param {string} name the lab's
 * @param {Known} known
 * @param {About} about
 * @param {State} state changed in place
 * @param {(anew?: string) => void} changed told when it was; anew: the controls themselves are no longer right, and what
 *   to focus then
 * @param {number} open the run that is open
 * @param {(run: number) => void} opened told when another is
 */
export function controls(name, known, about, state, changed, open, opened) {
  const { coordinates } = known.landscapes[state.landscape];
  const landscape = select(`${name}-landscape`, "Landscape", Object.keys(known.landscapes), state.landscape, (chosen) => {
    state.landscape = chosen;
    state.start = [...known.landscapes[chosen].start];
    delete state.maximize;
    changed(`${name}-landscape`);
  });
  const start = coordinates.map((coordinate, i) =>
    typed(`${name}-start-${i}`, `start ${coordinate}`, state.start[i], (value) => {
      state.start[i] = value;
      changed();
    }),
  );
  const steps = pair({
    id: `${name}-steps`,
    label: "length",
    unit: "steps",
    value: state.steps,
    range: [1, 500],
    whole: true,
    set: (value) => {
      state.steps = value;
      changed();
    },
  });
  const runs = state.runs.map((run, i) => fold(`${name}-${i}`, i, run));
  const add = button("Add a rule to the race", () => {
    const rules = Object.keys(known.rules);
    const rule = rules.find((each) => state.runs.every((run) => run.rule !== each)) ?? rules[0];
    state.runs.push({ rule, hyperparameters: defaults(known.rules[rule]) });
    rebuilt(state.runs.length - 1);
  });
  add.hidden = state.runs.length >= MOST_RUNS;
  const fields = [landscape, ...start, steps];
  const where = element("fieldset", { "aria-label": "All runs" }, ...fields, add);
  const all = element("details", { class: "lab-run", name: `${name}-runs` }, element("summary", {}, "All runs"), where);
  return element("div", { class: "lab-controls" }, ...runs, all);

  /** The runs are others now: one is unfolded, and focused. @param {number} i */
  function rebuilt(i) {
    opened(i);
    changed(`${name}-${i}-rule`);
  }

  /**
   * @param {string} id
   * @param {number} i
   * @param {Run} run
   */
  function fold(id, i, run) {
    const rule = select(`${id}-rule`, "Rule", Object.keys(known.rules), run.rule, (chosen) => {
      run.rule = chosen;
      run.hyperparameters = defaults(known.rules[chosen]);
      changed(`${id}-rule`);
    });
    const remove = button("Remove", () => {
      state.runs.splice(i, 1);
      rebuilt(Math.min(i, state.runs.length - 1));
    });
    remove.setAttribute("aria-label", `Remove run ${i + 1}, ${run.rule}`);
    remove.hidden = state.runs.length === 1;
    const outcome = element("span", { class: "lab-outcome" });
    const summary = element("summary", {}, swatch(known.style, i), run.rule, outcome);
    const fields = element("fieldset", { "aria-label": `Run ${i + 1}` }, rule, ...settings(id, run), remove);
    const folded = element("details", { class: "lab-run", name: `${name}-runs`, open: i === open }, summary, fields);
    folded.addEventListener("toggle", () => folded.open && opened(i));
    return folded;
  }

  /**
   * A run's hyperparameters: those that matter to every run or to this lab, and below them the rest.
   * @param {string} id
   * @param {Run} run
   */
  function settings(id, run) {
    const own = named(about, run.rule);
    const [first, rest] = split(known.rules[run.rule], (each) => each.first || own.has(each.name));
    if (!rest.length) return first.map(made);
    const more = element("details", { class: "lab-more", id: `${id}-more` }, element("summary", {}, "More"));
    more.append(...rest.map(made));
    const before = document.getElementById(more.id);
    more.open = rest.some((each) => each.name in run.hyperparameters) || before?.hasAttribute("open") === true;
    return [...first.map(made), more];

    /** @param {Hyperparameter} each */
    function made(each) {
      const set = (/** @type {Value} */ value) => {
        run.hyperparameters[each.name] = value;
        changed();
      };
      return setting(`${id}-${each.name}`, each, run.hyperparameters[each.name], about.ranges[run.rule][each.name], set);
    }
  }
}

/**
 * The control of one hyperparameter.
 * @param {string} id
 * @param {Hyperparameter} hyperparameter
 * @param {Value | undefined} given an address may hold one of another kind: then the default is shown
 * @param {[number, number] | undefined} ownRange the lab's
 * @param {(value: Value) => void} set
 */
function setting(id, { label, unit, range, whole, default: usual, on }, given, ownRange, set) {
  if (!range) return check(id, label, Boolean(given ?? usual), set);
  const quantity = { id, label, unit, whole, set, range: ownRange ?? range };
  const value = typeof given === "number" ? given : usual;
  if (typeof usual === "number") return pair({ ...quantity, value: Number(value) });
  return optional({ ...quantity, value: typeof value === "number" ? value : null, on: on ?? range[0] });
}

/**
 * The names of what a lab itself sets for a rule, at first or by a preset, or gives a range.
 * @param {About} about
 * @param {string} rule
 */
function named({ spec, presets, ranges }, rule) {
  const runs = [spec, ...Object.values(presets)].flatMap((state) => state.runs).filter((run) => run.rule === rule);
  return new Set([...runs.flatMap((run) => Object.keys(run.hyperparameters)), ...Object.keys(ranges[rule])]);
}

/**
 * @template T
 * @param {T[]} all
 * @param {(each: T) => boolean} belongs
 */
function split(all, belongs) {
  return [all.filter(belongs), all.filter((each) => !belongs(each))];
}

/**
 * What a rule starts with when it is chosen: its first hyperparameters, so that its code names them.
 * @param {Hyperparameter[]} hyperparameters
 */
function defaults(hyperparameters) {
  const told = hyperparameters.filter((each) => each.first && each.default !== null);
  return Object.fromEntries(told.map(({ name, default: usual }) => [name, usual]));
}
