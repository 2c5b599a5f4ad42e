// What a reader looks for, found while it is typed: in the dialog that Ctrl+K opens, and on the search page. The search
// and the book's words are one script, which is loaded when a field is first used.
(() => {
  "use strict";
  const site = document.documentElement.dataset.content_root;
  const MOST = 30; // shown at once
  let loading;

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${site}_static/search-index.js`;
      script.addEventListener("load", () => resolve(window.searchBook));
      script.addEventListener("error", () => ((loading = undefined), script.remove(), reject()));
      document.head.append(script);
    });
    return loading;
  }

  function made(tag, className, ...children) {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...children);
    return element;
  }

  const marked = (parts) => parts.map(({ text, hit }) => (hit ? made("mark", "", text) : text));

  function entry({ address, page, heading, snippet }) {
    const link = made("a", "", made("span", "search-heading", ...marked(heading)));
    if (page.length) link.append(" ", made("span", "search-page", ...marked(page)));
    link.href = site + address;
    return made("li", "", link, made("p", "search-snippet", ...marked(snippet)));
  }

  function said(query, { results, holds, meant }) {
    const count = results.length;
    if (!count) return `Nothing in the book is like “${query}”.`;
    const many = `${count} result${count > 1 ? "s" : ""}${count > MOST ? `, the first ${MOST} shown` : ""}`;
    if (meant) return `Showing results for “${meant}”: ${many}.`;
    return holds === "all" ? `${many}.` : `No section holds all of this; some of it: ${many}.`;
  }

  function attach(form) {
    const field = form.querySelector("input");
    const status = made("p", "search-status");
    const list = made("ol", "search-list");
    const results = made("div", "search-results", status, list);
    status.setAttribute("role", "status");
    form.after(results);

    async function show() {
      const query = field.value.trim();
      let search;
      try {
        search = await load();
      } catch {
        status.textContent = "The search could not be loaded. Is there a network? Type on to try once more.";
        return;
      }
      if (query !== field.value.trim()) return; // typed on meanwhile
      const found = search(query);
      list.replaceChildren(...found.results.slice(0, MOST).map(entry));
      status.textContent = query && said(query, found);
    }

    /** The arrows go from the field through the results and back. */
    function move(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const stops = [field, ...list.querySelectorAll("a")];
      stops[stops.indexOf(document.activeElement) + step]?.focus();
      event.preventDefault();
    }

    field.addEventListener("focus", () => load().catch(() => {}));
    field.addEventListener("input", show);
    for (const part of [field, list]) part.addEventListener("keydown", move);
    list.addEventListener("click", ({ target }) => {
      if (target.closest("a")) form.closest("dialog")?.close(); // the link may lead to this very page
    });
    return { field, show };
  }

  const [, page] = [...document.querySelectorAll("form.bd-search")].map(attach);
  if (!page) return;
  const { field, show } = page;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.focus();
  if (field.value) show();
  // The way back from a result leads to the results.
  field.addEventListener("change", () => {
    history.replaceState(history.state, "", `?${new URLSearchParams({ q: field.value })}`);
  });
})();
