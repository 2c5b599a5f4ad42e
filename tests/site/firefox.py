"""Open pages in Firefox, the system's own, and learn what was seen there.

    seen, *_ = visits([Visit(f"{address}/index.html", script="() => document.title")])
    assert not seen.problems
    assert seen.result == "Gradient Ascent"

Playwright drives only a Firefox of its own, so this is puppeteer's work: one run of
firefox.mjs for a whole list of visits, with one start of Firefox for each scheme among
them. A test module makes its list once, in a fixture of its scope.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from bookweb.maths import node

from tools.browser import firefox


@dataclass(frozen=True)
class Visit:
    """A page to open, in a browser that has seen nothing before.

    Attributes:
        url: The page's address.
        script: A JavaScript function, called in the page once it and its fonts are
            loaded (and awaited, if it returns a promise).
        again: Such a function for the page once it has been loaded anew.
        width: The width of the window, in pixels; its height is 900.
        scheme: The colours that the reader's system asks for.
        medium: "print" lays the page out for paper (after it is loaded, and without
            the `beforeprint` event: a script may dispatch it).
        picture: Where a picture of the whole page goes, as PNG, after the script. (A
            section that no reader has come to is blank; look.js has them all drawn.)
    """

    url: str
    script: str = ""
    width: int = 1280
    scheme: Literal["light", "dark"] = "light"
    medium: Literal["screen", "print"] = "screen"
    again: str = ""
    picture: Path | None = None


@dataclass(frozen=True)
class Seen:
    """What a visit came to.

    Attributes:
        result: What the last of the two scripts returned.
        problems: Errors and warnings on the console, errors that no script caught,
            what the page's policy forbade, requests that failed or were refused, and
            what kept the visit itself from its end.
        requests: The addresses of all that was asked for.
    """

    result: Any
    problems: list[str]
    requests: list[str]


def visits(asked: Sequence[Visit]) -> list[Seen]:
    """Make some visits, one after the other.

    Raises:
        FileNotFoundError: There is no Firefox on this machine.
        RuntimeError: Firefox could not be started.
    """
    done = subprocess.run(
        [node(), Path(__file__).with_suffix(".mjs"), firefox()],
        input=json.dumps([asdict(visit) for visit in asked], default=str),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"Firefox cannot be visited with:\n{done.stderr}")
    return [Seen(**seen) for seen in json.loads(done.stdout)]
