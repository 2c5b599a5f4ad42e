// Pictures of surfaces that can be turned in space. Until the reader asks for it nothing is loaded but this.

import { KEYS, eye, turned, view, words } from "./camera.js";
import { read } from "./files.js";
import { keep } from "./offline.js";
import { orbit } from "./orbit.js";
import { CONFIG, DISTANCE, clock, figure } from "./scene.js";
import { AGAIN, button, element, statusLine } from "./ui.js";

const PLOTLY = new URL("../plotly/plotly-gl3d.min.js", import.meta.url).href;
const HELP = "Drag to turn, or use the arrow keys; + and -, or two fingers, move nearer and farther, Home goes back to the first view.";
const BUTTONS = [
  ["←", "Turn left", "ArrowLeft"],
  ["→", "Turn right", "ArrowRight"],
  ["↑", "See from higher up", "ArrowUp"],
  ["↓", "See from lower down", "ArrowDown"],
  ["+", "Nearer", "+"],
  ["−", "Farther", "-"],
];
// Plotly writes style sheets into the page, which the page's policy forbids, unless it finds these. What it needs
// of the first is in surface.css; the second is for maps.
const STYLES_IN_PLACE = ["plotly.js-style-global", "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53"];

/** @type {Promise<any> | undefined} */
let plotly;

for (const box of document.querySelectorAll(".live-surface")) prepare(/** @type {HTMLElement} */ (box));

/** @param {HTMLElement} box */
function prepare(box) {
  const picture = /** @type {HTMLImageElement} */ (box.querySelector("img"));
  const controls = /** @type {HTMLElement} */ (box.querySelector(".live-surface-controls"));
  const status = statusLine();
  const turn = button("Turn it in space", async () => {
    turn.disabled = true;
    status.textContent = "Loading what turns it, once …";
    try {
      status.textContent = await show(box, picture, turn, status);
    } catch (error) {
      status.textContent = `${/** @type {Error} */ (error).message} The picture stays.`;
      turn.disabled = false;
    }
  });
  controls.append(turn, status);
}

/**
 * Put the turnable surface in the picture's place.
 * @param {HTMLElement} box
 * @param {HTMLImageElement} picture
 * @param {HTMLButtonElement} turn
 * @param {HTMLElement} status
 * @returns {Promise<string>} what to say of it
 */
async function show(box, picture, turn, status) {
  if (!document.createElement("canvas").getContext("webgl")) throw new Error("This browser has no WebGL, which turning needs.");
  const [Plotly, relief] = await Promise.all([(plotly ??= loadPlotly()), numbers(String(box.dataset.surface))]);
  const scene = element("div", {
    class: "live-surface-scene",
    role: "application",
    tabindex: "0",
    "aria-label": `Turnable surface: ${picture.alt}`,
    "aria-description": HELP,
  });
  const { data, layout } = figure(relief);
  picture.before(scene);
  box.classList.add("live-surface-turning");
  await Plotly.newPlot(scene, data, layout, CONFIG);
  keep("_static/live/", "_static/plotly/");

  const first = { ...relief.view, distance: DISTANCE };
  const now = () => view(/** @type {any} */ (scene)._fullLayout.scene._scene.getCamera().eye);
  /** @param {import("./camera.js").View} to */
  const go = (to) => Plotly.relayout(scene, { "scene.camera.eye": eye(to) });
  /** @param {string} key */
  const press = async (key) => {
    const next = key === "Home" ? first : turned(now(), key);
    await go(next);
    status.textContent = words(next);
  };
  orbit(scene, now, go);
  const at = clock(relief);
  const follow = (/** @type {Event} */ event) => {
    const { lab, step } = /** @type {CustomEvent} */ (event).detail;
    if (lab === box.dataset.lab) Plotly.restyle(scene, at(step), [-1]);
  };
  document.addEventListener("lab:step", follow);
  scene.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in KEYS || event.key === "Home")) return;
    event.preventDefault();
    press(event.key);
  });
  const keys = BUTTONS.map(([sign, label, key]) => button(sign, () => press(key), { "aria-label": label, title: label }));
  const bar = element("div", { class: "live-surface-keys", role: "group", "aria-label": "Turn the surface" }, ...keys);
  const back = button("Back to the picture", () => {
    document.removeEventListener("lab:step", follow);
    Plotly.purge(scene);
    for (const part of [scene, bar, back]) part.remove();
    box.classList.remove("live-surface-turning");
    turn.hidden = turn.disabled = false;
    status.textContent = "";
    turn.focus();
  });
  turn.hidden = true;
  status.before(bar, back);
  scene.focus({ preventScroll: true });
  return HELP;
}

/** @returns {Promise<any>} Plotly, from this site */
function loadPlotly() {
  for (const id of STYLES_IN_PLACE) document.head.append(element("meta", { id, class: "no-inline-styles" }));
  return new Promise((resolve, reject) => {
    const script = element("script", { src: PLOTLY });
    script.addEventListener("load", () => resolve(/** @type {any} */ (window).Plotly));
    script.addEventListener("error", () => {
      plotly = undefined; // the next press tries again
      reject(new Error(`What turns it could not be loaded. ${AGAIN}`));
    });
    document.head.append(script);
  });
}

/** @param {string} address @returns {Promise<import("./scene.js").Relief>} */
function numbers(address) {
  return read(new URL(address, location.href), "The surface's numbers");
}
