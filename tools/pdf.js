// Makes one document of the book's pages, in an empty page of the site: a cover, the contents, then page after page.
// A link from one of them to another leads to its place in this document; one to nowhere is named.
async ({ parts, cover, leftOut }) => {
  const parser = new DOMParser();
  const pages = new Map(await Promise.all(parts.flatMap(({ names }) => names).map(async (name) => {
    const address = new URL(`${name}.html`, location);
    const text = await (await fetch(address)).text();
    const article = parser.parseFromString(text, "text/html").querySelector("article");
    return [address.pathname, { name, address, article }];
  })));

  const header = [];
  for (const { name, address, article } of pages.values()) {
    article.querySelectorAll(leftOut).forEach((part) => part.remove());
    const title = article.querySelector("h1").textContent;
    for (const part of article.querySelectorAll("[src]")) part.src = new URL(part.getAttribute("src"), address);
    for (const image of article.querySelectorAll("img")) image.loading = "eager";
    for (const part of article.querySelectorAll("[id]")) part.id = `${name}.${part.id}`;
    for (const link of article.querySelectorAll("a[href]")) {
      const to = new URL(link.getAttribute("href"), address);
      if (to.origin !== location.origin) continue;
      const found = pages.get(to.pathname)?.name;
      if (!found) link.removeAttribute("href"); // the search, the index: they are not on paper
      else link.href = to.hash ? `#${found}.${decodeURIComponent(to.hash.slice(1))}` : `#${found}`;
    }
    // So few lines stay together, but Chromium parts them where they fit and only the padding below them does not.
    for (const code of article.querySelectorAll("pre")) if (code.textContent.split("\n").length < 9) code.style.breakInside = "avoid";
    article.id = name;
    article.style.page = name.replaceAll("/", "-");
    header.push(`@page ${article.style.page} { @top-right { content: ${JSON.stringify(title)}; font: 9pt serif } }`);
  }

  const made = (tag, html, name = "") => Object.assign(document.createElement(tag), { innerHTML: html, className: name });
  document.head.append(made("style", header.join("\n")));
  const book = document.querySelector(".bd-article-container");
  book.append(made("article", cover, "bd-article book-cover"));
  const contents = parts.map(({ caption, names }) => {
    const lines = names.map((name) => {
      const title = pages.get(new URL(`${name}.html`, location).pathname).article.querySelector("h1").innerHTML;
      return `<p><a href="#${name}">${title}</a><span></span></p>`;
    });
    return `<section>${caption && `<p><strong>${caption}</strong></p>`}${lines.join("")}</section>`;
  });
  book.append(made("article", `<h1>Contents</h1><div>${contents.join("")}</div>`, "bd-article book-contents"));
  book.append(...pages.values().map(({ article }) => document.adoptNode(article)));

  await Promise.all([...document.fonts].map((font) => font.load()));
  await Promise.all([...document.images].map((image) => image.complete || new Promise((done) => {
    image.onload = image.onerror = done;
  })));
  return [
    ...[...document.images].filter((image) => !image.naturalWidth).map((image) => `picture ${image.src}`),
    ...[...document.querySelectorAll('a[href^="#"]')]
      .map((link) => decodeURIComponent(link.getAttribute("href").slice(1)))
      .filter((id) => !document.getElementById(id))
      .map((id) => `link to ${id}`),
  ];
}
