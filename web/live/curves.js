// Curves that tell their name and value where the reader points, or by a list and a slider; the picture has both in it.

import { brief } from "./scale.js";
import { element } from "./ui.js";

/**
 * @typedef {{ x: number, y: number }} Point in the units of the picture
 * @typedef {{ name: string, points: Point[], say(point: Point): string }} Curve
 */

const NEAR = 40; // units of the picture: from further away no curve is meant
const SVG = "http://www.w3.org/2000/svg";

/** @param {Element | null} path @returns {Point[]} */
function places(path) {
  const numbers = (path?.getAttribute("d") ?? "").match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  return Array.from({ length: numbers.length >> 1 }, (_, i) => ({ x: numbers[2 * i], y: numbers[2 * i + 1] }));
}

/** What a place along an axis stands for. @param {URLSearchParams} about @param {string} axis @param {number} share */
function measured(about, axis, share) {
  const number = (/** @type {string} */ key) => Number(about.get(`${axis}${key}`));
  const [from, to] = [number("from"), number("to")];
  if (about.get(`${axis}scale`) === "log") return from * (to / from) ** share;
  return from + (to - from) * share;
}

/** The curves of a picture that has their names in it. @param {Document} svg @returns {Curve[]} */
function read(svg) {
  return [...svg.querySelectorAll('[id^="curves?"]')].flatMap((axes) => {
    const about = new URLSearchParams(axes.id.slice("curves?".length));
    const corners = places(axes.querySelector("path"));
    const [left, right] = [Math.min(...corners.map(({ x }) => x)), Math.max(...corners.map(({ x }) => x))];
    const [top, bottom] = [Math.min(...corners.map(({ y }) => y)), Math.max(...corners.map(({ y }) => y))];
    const say = (/** @type {Point} */ { x, y }) => {
      const across = measured(about, "x", (x - left) / (right - left));
      const up = measured(about, "y", (bottom - y) / (bottom - top));
      return `${about.get("x")} ${brief(across)}: ${about.get("y")} ${brief(up)}`;
    };
    return [...axes.querySelectorAll('[id^="curve?"]')].map((line) => ({
      name: new URLSearchParams(line.id.slice("curve?".length)).get("name") ?? "",
      points: places(line.querySelector("path")),
      say,
    }));
  }).filter(({ points }) => points.length);
}

/** @param {HTMLImageElement} image */
async function enhance(image) {
  // Without a network the picture stays as it is. Its style would be applied, which the page's policy forbids.
  const text = await fetch(image.currentSrc || image.src).then((answer) => answer.text(), () => "<svg/>");
  const svg = new DOMParser().parseFromString(text.replaceAll(/<style.*?<\/style>/gs, ""), "image/svg+xml");
  const curves = read(svg);
  const [, , width, height] = (svg.documentElement.getAttribute("viewBox") ?? "").split(" ").map(Number);
  if (!curves.length || !width) return;

  const line = document.createElementNS(SVG, "polyline");
  const dot = document.createElementNS(SVG, "circle");
  const over = document.createElementNS(SVG, "svg");
  dot.setAttribute("r", "4");
  over.setAttribute("viewBox", `0 0 ${width} ${height}`);
  over.setAttribute("aria-hidden", "true");
  over.append(line, dot);
  const said = element("output", { class: "curves-said" });
  const box = element("div", { class: "curves-box" });
  image.replaceWith(box);
  box.append(image, over);

  const names = curves.map(({ name }, i) => element("option", { value: String(i) }, name));
  const list = element("select", { "aria-label": "Curve" }, ...names);
  const slider = element("input", { type: "range", min: "0", step: "1", "aria-label": "Along the curve" });

  /** @param {number} which @param {number} at */
  function show(which, at) {
    const { name, points, say } = curves[which];
    const point = points[at];
    list.value = String(which);
    slider.max = String(points.length - 1);
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", `${name}, ${say(point)}`);
    said.textContent = `${name}, ${say(point)}`;
    line.setAttribute("points", points.map(({ x, y }) => `${x},${y}`).join(" "));
    dot.setAttribute("cx", String(point.x));
    dot.setAttribute("cy", String(point.y));
    over.classList.add("curves-on");
  }

  box.addEventListener("pointermove", (event) => {
    const { left, top, width: wide } = image.getBoundingClientRect();
    const [x, y] = [((event.clientX - left) * width) / wide, ((event.clientY - top) * width) / wide];
    let [which, at, nearest] = [-1, 0, NEAR];
    curves.forEach(({ points }, i) =>
      points.forEach((point, k) => {
        const distance = Math.hypot(point.x - x, point.y - y);
        if (distance < nearest) [which, at, nearest] = [i, k, distance];
      }),
    );
    if (which >= 0) show(which, at);
  });
  box.addEventListener("pointerleave", () => over.classList.remove("curves-on"));
  list.addEventListener("change", () => show(Number(list.value), curves[Number(list.value)].points.length - 1));
  slider.addEventListener("input", () => show(Number(list.value), slider.valueAsNumber));
  const tools = element("div", { class: "live curves-tools" }, list, slider, said);
  tools.addEventListener("focusout", () => over.classList.remove("curves-on"));
  box.after(tools);
  slider.max = String(curves[0].points.length - 1);
  slider.value = "0";
}

for (const image of document.querySelectorAll("img.curves")) {
  const picture = /** @type {HTMLImageElement} */ (image);
  if (picture.complete) enhance(picture);
  else picture.addEventListener("load", () => enhance(picture), { once: true });
}
