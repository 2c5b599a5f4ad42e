// What a reader takes away from a lab: the address that holds its runs, or their code. And the line that tells of it.

import { share } from "./state.js";
import { button, statusLine } from "./ui.js";

export class Sharing {
  line = statusLine();

  /**
   * @param {string} name the lab's
   * @param {() => [import("./state.js").State, string]} held its state, and the code of its runs
   */
  constructor(name, held) {
    this.share = button("Share", () => {
      const address = share(location.href, name, held()[0]);
      history.replaceState(history.state, "", address);
      return this.#copy(address, "Copied: the address of this page with these runs.");
    });
    this.copy = button("Copy as Python", () => this.#copy(held()[1], "Copied: the runs as Python code."));
  }

  /** @param {string} text */
  say(text) {
    this.line.textContent = text;
  }

  /**
   * @param {string} text
   * @param {string} done
   */
  async #copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      this.say(done);
    } catch {
      this.say("The browser does not let this page copy. The address bar holds the runs, the code stands below.");
    }
  }
}
