// Compiles those modules of Python's standard library that the page imports at its start: to read them compiled is
// most of that start saved. Arguments: the book's archive of Python, the archive of the library to write.
import { readFile, writeFile } from "node:fs/promises";
import { loadPyodide } from "pyodide";

const COMPILE = `
import sys
from importlib._bootstrap_external import _code_to_hash_pyc
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

sys.path.insert(0, "/book")
import bridge, gradient_ascent.exercises.page, gradient_ascent.lab

(library,) = (path for path in sys.path if path.endswith(".zip"))
imported = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
with ZipFile(library) as sources, ZipFile("/compiled.zip", "w") as compiled:
    for entry in sources.infolist():
        name, content = entry.filename, sources.read(entry)
        path = f"{library}/{name}"
        if path in imported:
            code = compile(content, path, "exec", dont_inherit=True)
            # Unchecked: there is no source beside it to check it against.
            name, content = name + "c", bytes(_code_to_hash_pyc(code, bytes(8), False))
        compiled.writestr(ZipInfo(name), content, ZIP_DEFLATED, 9)
`;

const [book, target] = process.argv.slice(2);
const pyodide = await loadPyodide({ env: { PYTHONHASHSEED: "0" } }); // the same bytes each time
pyodide.unpackArchive(new Uint8Array(await readFile(book)), "zip", { extractDir: "/book" });
pyodide.runPython(COMPILE);
await writeFile(target, pyodide.FS.readFile("/compiled.zip"));
