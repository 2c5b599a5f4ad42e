// Where what is live in a page does not run (a script was not sent, or the browser is too old for it), the page says so.

addEventListener("load", () => {
  for (const place of document.querySelectorAll(".trace-lab, .live-surface, div.live-exercise")) {
    if (place.querySelector("button")) continue; // it runs: the first thing it does is to offer itself
    const said = document.createElement("p");
    said.className = "live-status";
    said.setAttribute("role", "status");
    place.append(said);
    if (location.protocol === "file:") {
      said.textContent = "A page opened from a file runs no Python. The command make serve shows the book from a server, where it runs.";
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
