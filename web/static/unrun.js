// Where what is live in a page does not run (a script was not sent, or the browser is too old for it), the page says so.
// What its script would have asked the reader first, it shows.

addEventListener("load", () => {
  for (const place of document.querySelectorAll(".trace-lab, .live-surface, div.live-exercise, .diagram, .expression, .race-words")) {
    if (place.querySelector("button, input")) continue; // it runs: the first thing it does is to offer itself
    place.classList.remove("diagram-covered");
    const said = document.createElement("p");
    said.className = "live-status";
    said.setAttribute("role", "status");
    place.append(said);
    if (location.protocol === "file:") {
      said.textContent = "A page opened from a file moves no picture and runs no Python. A server does: make serve starts one, or python -m http.server in the folder of index.html.";
      continue;
    }
    said.textContent = "What runs here could not be loaded: there is no network, or this browser is too old for it. ";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "live-button";
    again.textContent = "Load the page again";
    again.addEventListener("click", () => location.reload());
    said.append(again);
  }
});
