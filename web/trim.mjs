// Drops from style sheets the rules that no page and no script of a site can use.
// Arguments: the site's folder, then the style sheets, which are rewritten.
import { writeFile } from "node:fs/promises";
import { PurgeCSS } from "purgecss";

const [site, ...css] = process.argv.slice(2);
const content = [`${site}/**/*.html`, `${site}/_static/**/*.{js,mjs}`];
const skippedContentGlobs = [`${site}/_static/{plotly,pyodide}/**`, `${site}/_static/scripts/fontawesome.js`];
const purged = await new PurgeCSS().purge({ content, css, skippedContentGlobs, safelist: { greedy: [/data-theme/] } });
for (const { file, css: kept } of purged) await writeFile(file, kept);
