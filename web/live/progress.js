// Which exercises are solved: marks beside the chapters in the sidebar, and in the list of all exercises.

import { read } from "./files.js";
import { anything, isSolved, lasts } from "./memory.js";

const site = new URL("../../", import.meta.url);
/** @type {Promise<Record<string, Record<string, string>>> | undefined} exercises and their versions, by page */
let where;

export async function show() {
  showInList();
  if (!anything()) return; // and so nothing is fetched for a reader who solves none
  // Without the list there are no marks; the next exercise that is solved asks for it again.
  where ??= read(new URL("_static/live/exercises.json", site), "The list of exercises").catch(() => ((where = undefined), {}));
  for (const [page, versions] of Object.entries(await where)) markPage(new URL(page, site), versions);
}

/** @param {URL} page @param {Record<string, string>} versions */
function markPage(page, versions) {
  const all = Object.entries(versions);
  const solved = all.filter(([name, version]) => isSolved(name, version)).length;
  for (const link of document.querySelectorAll(".bd-sidebar-primary nav a.internal")) {
    if (new URL(/** @type {HTMLAnchorElement} */ (link).href).pathname !== page.pathname) continue;
    link.querySelector(".exercise-mark")?.remove();
    if (!solved) continue;
    const mark = document.createElement("span");
    mark.className = "exercise-mark";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", `${solved} of ${all.length} exercises solved`);
    mark.textContent = all.length > 1 ? `✓ ${solved}/${all.length}` : "✓";
    link.append(" ", mark);
  }
}

function showInList() {
  /** @type {NodeListOf<HTMLElement>} */
  const states = document.querySelectorAll(".exercise-state");
  let solved = 0;
  for (const state of states) {
    const done = isSolved(state.dataset.name ?? "", state.dataset.version ?? "");
    state.textContent = done ? "✓ solved" : "";
    solved += Number(done);
  }
  for (const line of document.querySelectorAll(".exercise-count"))
    line.textContent = lasts()
      ? `${solved} of ${states.length} solved in this browser.`
      : "This browser keeps nothing of what you solve: its storage is full, or blocked for this site.";
}

document.addEventListener("exercise-solved", () => void show());
addEventListener("storage", () => void show()); // solved in another tab
void show();
