// The page's addresses begin at the server's top. Where its style sheet is not to be had there, the site lies deeper:
// it is the nearest folder above this address that has the sheet. Then they begin there.
(async () => {
  if (document.querySelector("link[rel=stylesheet]").sheet?.cssRules.length) return;
  for (let top = new URL(".", location.href); top.pathname !== "/"; top = new URL("..", top)) {
    const sheet = await fetch(new URL("_static/book.css", top), { method: "HEAD" }).catch(() => undefined);
    if (!sheet?.ok) continue;
    for (const name of ["href", "action"])
      for (const part of document.querySelectorAll(`[${name}^="/"]`))
        part.setAttribute(name, top.pathname + part.getAttribute(name).slice(1));
    break;
  }
})();
