// What a reader looks for, found while it is typed: in the dialog that Ctrl+K opens, and on the search page. The search
// and the book's words are one script, which is loaded when a field is first used.
(() => {
  "use strict";
  const MOST = 30; // results shown at once
  /** @typedef {ReturnType<typeof import("../search.mjs").searcher>} Search */
  /** @type {Promise<Search> | undefined} */
  let loading;

  /** The address of a file of the site. @param {string} path */
  const address = (path) => new URL(`${document.documentElement.dataset.content_root}${path}`, location.href).href;

  function load() {
    if (loading) return loading;
    loading = new Promise((resolve, reject) => {
      const script = make("script");
      script.src = address("_static/search/search-book.js");
      script.addEventListener("error", reject);
      script.addEventListener("load", () => {
        const { searchBook } = /** @type {{ searchBook?: Search }} */ (/** @type {unknown} */ (window));
        if (searchBook) resolve(searchBook);
        else reject(); // what was sent is something else
      });
      document.head.append(script);
    });
    loading.then(keep, () => (loading = undefined));
    return loading;
  }

  /** So that the next visit needs no network for it. */
  function keep() {
    const needed = ["_static/search/", "_static/live/offline.js"];
    const asked = import(address("_static/live/offline.js")).then(({ keep }) => keep(...needed));
    asked.catch(() => {}); // a page that is opened as a file loads no module
  }

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {string} [name] its class
   * @param {(Node | string)[]} within
   */
  function make(tag, name = "", ...within) {
    const element = document.createElement(tag);
    element.className = name;
    element.append(...within);
    return element;
  }

  /** @param {import("../search.mjs").Part[]} parts */
  const marked = (parts) => parts.map(({ text, hit }) => (hit ? make("mark", "", text) : text));

  /** @param {import("../search.mjs").Result} result */
  function entry(result) {
    const link = make("a", "", make("span", "search-heading", ...marked(result.heading)));
    if (result.page) link.append(" ", make("span", "search-page", result.page));
    link.href = address(result.address);
    const code = result.code.flatMap((word) => [" ", make("mark", "", word)]);
    const shown = code.length ? ["In the code:", ...code] : marked(result.excerpt);
    return make("li", "", link, make("p", "search-excerpt", ...shown));
  }

  /** @param {string} query @param {ReturnType<Search>} found */
  function said(query, { results, all, strange }) {
    const count = results.length;
    if (!/[\p{L}\p{N}]/u.test(query)) return "The search finds words and numbers, not signs.";
    if (!count) return `Nothing in the book matches “${query}”.`;
    const many = `${count} result${count > 1 ? "s" : ""}${count > MOST ? `, the first ${MOST} shown` : ""}.`;
    const those = strange.length > 1 ? "them" : "it";
    if (strange.length) return `Not in the book: “${strange.join("”, “")}”. With words like ${those}: ${many}`;
    return all ? many : `No section has all these words. With some of them: ${many}`;
  }

  /** What is found, below its field. @param {HTMLFormElement} form @param {string} [more] to say where something is */
  function attach(form, more = "") {
    const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    const status = make("p", "search-status");
    const list = make("ol", "search-list");
    status.setAttribute("role", "status");
    list.setAttribute("aria-label", "Results");
    form.after(make("div", "search-results", status, list));

    let asked = "";
    async function show() {
      const query = field.value.trim();
      if (query === asked) return;
      asked = query;
      list.replaceChildren();
      status.textContent = query && "Loading the search …";
      if (!query) return;
      const search = await load().catch(() => undefined);
      if (query !== asked) return; // typed on meanwhile
      if (!search) {
        asked = "";
        status.textContent = "The search could not be loaded: type on to try again.";
        return;
      }
      const found = search(query);
      list.replaceChildren(...found.results.slice(0, MOST).map(entry));
      status.textContent = said(query, found) + (found.results.length ? more : "");
    }

    /** The arrows lead from the field through the results and back. @param {KeyboardEvent} event */
    function move(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      /** @type {(HTMLElement | null)[]} */
      const stops = [field, ...list.querySelectorAll("a")];
      stops[stops.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step]?.focus();
    }

    field.addEventListener("focus", () => void load().catch(() => {}));
    field.addEventListener("input", show);
    field.addEventListener("change", show); // Escape clears the field without an input
    field.addEventListener("keydown", move);
    list.addEventListener("keydown", move);
    return { field, list, show };
  }

  /** @param {HTMLDialogElement} dialog @param {HTMLFormElement} form */
  function inDialog(dialog, form) {
    const { list, show } = attach(form, " Enter opens the first.");
    form.addEventListener("submit", (event) => {
      const first = list.querySelector("a");
      if (!first) return; // the search page says why
      event.preventDefault();
      first.click();
    });
    list.addEventListener("click", ({ target, ctrlKey, metaKey }) => {
      const followed = target instanceof Element && target.closest("a") && !ctrlKey && !metaKey;
      if (followed) dialog.close(); // the link may lead to this very page
    });
    dialog.addEventListener("close", () => {
      form.reset();
      show();
    });
  }

  /** The page looks for what its address asks, and notes there what is asked now. @param {HTMLFormElement} form */
  function onPage(form) {
    const { field, show } = attach(form);
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    field.focus();
    show();
    // So that the way back from a result leads to the results.
    const note = () => history.replaceState(history.state, "", `?${new URLSearchParams({ q: field.value })}`);
    field.addEventListener("change", note);
    form.addEventListener("submit", (event) => {
      event.preventDefault(); // all is shown already
      note();
    });
    // The theme's own shortcut would take the focus away from a field that has it.
    const shortcut = (/** @type {KeyboardEvent} */ event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      field.select();
    };
    addEventListener("keydown", shortcut, true);
  }

  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form.bd-search");
  for (const form of forms) {
    const dialog = form.closest("dialog");
    if (dialog) inDialog(dialog, form);
    else onPage(form);
  }
})();
