"""What chapters and pages are made in: the same everywhere, with room of its own.

No program here needs the home folder or keeps anything there, so that the book is built
where it is read-only, and is the same whatever its owner has configured.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.console import timed

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
KEPT = BUILD / "kept"  # what programs keep for their next start
FONTS = KEPT / "matplotlib"

ENVIRONMENT = {
    "IPYTHONDIR": str(KEPT / "ipython"),
    "JUPYTER_CONFIG_DIR": str(KEPT / "jupyter"),
    "JUPYTER_DATA_DIR": str(KEPT / "jupyter"),
    "JUPYTER_RUNTIME_DIR": str(KEPT / "jupyter" / "runtime"),
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # whatever is set
    "MPLCONFIGDIR": str(FONTS),
    "OMP_NUM_THREADS": "1",  # the chapters already share the cores
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or every kernel warns of frozen modules
    "PYTHONHASHSEED": "0",  # the same order of sets, and so the same outputs
    "PYTHONPATH": str(ROOT),  # the package that lies beside the chapters
    "XDG_CACHE_HOME": str(KEPT),
    "XDG_CONFIG_HOME": str(KEPT),
    "XDG_DATA_HOME": str(KEPT),
}


def enter() -> None:
    """Go to the book's folder, and give what is started from here its environment."""
    os.chdir(ROOT)
    os.environ.update(ENVIRONMENT)


def find_fonts() -> None:
    """Let matplotlib look for fonts before a chapter does, which would say so."""
    if not any(FONTS.glob("fontlist-*")):
        with timed("chapters", "looking for fonts"):
            command = [sys.executable, "-c", "import matplotlib.font_manager"]
            subprocess.run(command, capture_output=True, check=False)
