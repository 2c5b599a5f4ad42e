"""The site in Firefox: every page, wide and narrow, and what moves.

Chromium sees every page wide and narrow, in light and in dark; here each is wide in one
of them and narrow in the other, and the next page the other way round.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gradient_ascent import diagrams
from gradient_ascent.exercises import load
from tests.live.test_diagram import PAGES as DIAGRAMS
from tests.site.contents import chapters
from tests.site.firefox import Seen, Visit, visits
from tests.site.fixtures import lacking
from tests.site.test_place import KEPT, SEEN, STILL, WAYS

pytestmark = pytest.mark.browser

PAGES = [*chapters(), "search", "genindex"]
MOMENTUM = "chapters/momentum/momentum.html"
WAYS_TO_SEE = {
    name: [(1280, ("light", "dark")[place % 2]), (360, ("dark", "light")[place % 2])]
    for place, name in enumerate(PAGES)
}
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")

FIND = """
const until = async (find) => {
  for (;;) {
    const found = find();
    if (found) return found;
    await new Promise((next) => setTimeout(next, 50));
  }
};
const button = (name, where = document) => () =>
  [...where.querySelectorAll("button")].find((one) => one.textContent.trim() === name);
"""
TURN = """() => {
  const button = [...document.querySelectorAll(".theme-switch-button")]
    .find((each) => each.getClientRects().length);
  const ground = () => getComputedStyle(document.body).backgroundColor;
  const grounds = [ground()];
  for (let press = 0; press < 2; press++) button.click(), grounds.push(ground());
  return grounds;
}"""
SEARCH = f"""async () => {{ {FIND}
  const found = await until(() => document.querySelector("article .search-list a"));
  return found.href;
}}"""
GO_LIVE = f"""async () => {{ {FIND}
  const said = () => document.querySelector(".lab-said")?.textContent;
  (await until(button("diverges"))).click();
  await until(() => said()?.includes("diverged"));
  const recorded = said();
  (await until(button("Reset"))).click();
  await until(() => !said().includes("diverged"));
  const start = await until(() => document.querySelector("#lab-momentum-start-0"));
  start.value = "-10";
  start.dispatchEvent(new Event("input", {{ bubbles: true }}));
  const code = () => document.querySelector(".lab-code").textContent;
  await until(() => code().includes("-10"));
  return [recorded, said()];
}}"""
SOLVE = f"""async () => {{ {FIND}
  const box = document.querySelector("#ex-live-momentum");
  const verdict = () =>
    box.querySelector("[data-how=bad], [data-how=good]")?.textContent;
  (await until(button("Try it here", box))).click();
  const host = await until(() => box.querySelector(".live-editor"));
  const editor = await until(() => host.shadowRoot.querySelector(".cm-content"));
  (await until(button("Check", box))).click();
  const first = await until(verdict);
  editor.focus();
  document.execCommand("selectAll");
  document.execCommand("insertText", false, {json.dumps(load("momentum").solution)});
  button("Check", box)().click();
  return [first, await until(verdict)];
}}"""
GO = f"""async () => {{ {FIND}
  {WAYS["to a heading far down"]};
  await ({STILL})();
  await until(() => {KEPT} !== undefined);
  sessionStorage.setItem("before", JSON.stringify(({SEEN})()));
}}"""
RETURN = f"""async () => {{ {FIND}
  const [text, top] = JSON.parse(sessionStorage.getItem("before"));
  await until(() => {{
    const [now, at] = ({SEEN})();
    return now === text && Math.abs(at - top) <= 2;
  }});
  return text;
}}"""


# The first slider goes to a place of its own, by a typed value: what is then said?
MOVE = f"""async () => {{ {FIND}
  const figure = document.querySelector(".diagram");
  const about = JSON.parse(figure.querySelector("script").textContent);
  figure.querySelector(".diagram-ask button")?.click();
  const picture = figure.querySelector(".diagram-picture");
  const before = picture.innerHTML;
  const typed = figure.querySelector(".diagram-controls input[type=number]");
  const [{{ name, range: [low, high] }}] = about.parameters;
  typed.value = low + 0.37 * (high - low);
  typed.dispatchEvent(new Event("input", {{ bubbles: true }}));
  await until(() => performance.getEntriesByType("measure")
    .some((one) => one.name.startsWith("redraw")));
  const values = {{ ...about.values, [name]: typed.valueAsNumber }};
  const said = figure.querySelector(":scope > .live-status").textContent;
  return [about.diagram, values, said, picture.innerHTML !== before];
}}"""


MOVING = [
    (f"{PAGES[0]}.html", TURN),
    ("search.html?q=momentum", SEARCH),
    (MOMENTUM, GO_LIVE),
    (MOMENTUM, SOLVE),
    *((page, MOVE) for page in DIAGRAMS),
]


@pytest.fixture(scope="module")
def seen(address: str) -> dict[Visit, Seen]:
    """Whatever these tests look at, visited in one go."""
    asked = [
        Visit(f"{address}/{name}.html", LOOK, width, scheme)
        for name, ways in WAYS_TO_SEE.items()
        for width, scheme in ways
    ]
    asked += [Visit(f"{address}/{page}", script) for page, script in MOVING]
    asked += [Visit(f"{address}/{MOMENTUM}", GO, again=RETURN)]
    try:
        return dict(zip(asked, visits(asked), strict=True))
    except FileNotFoundError as error:
        return lacking(error)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(seen: dict[Visit, Seen], address: str, name: str) -> None:
    """It loads from here alone, says no error, draws all it holds, fits the screen."""
    for width, scheme in WAYS_TO_SEE[name]:
        page = seen[Visit(f"{address}/{name}.html", LOOK, width, scheme)]
        assert page.problems + page.result == []
        hosts = {urlsplit(url).netloc for url in page.requests}
        assert hosts == {urlsplit(address).netloc}


def moved(
    seen: dict[Visit, Seen], address: str, page: str, script: str, again: str = ""
) -> Seen:
    visit = seen[Visit(f"{address}/{page}", script, again=again)]
    assert visit.problems == []
    return visit


def test_theme_button_turns(seen: dict[Visit, Seen], address: str) -> None:
    """From the system's choice to light and to dark, or the other way round."""
    system, one, other = moved(seen, address, *MOVING[0]).result
    assert one != other
    assert system in (one, other)


def test_search_finds_a_chapter(seen: dict[Visit, Seen], address: str) -> None:
    """A word of a chapter's title leads to a chapter."""
    assert "/chapters/" in moved(seen, address, *MOVING[1]).result


def test_a_lab_goes_live(seen: dict[Visit, Seen], address: str) -> None:
    """A preset needs no Python; from the mirrored start Python finds the same."""
    recorded, said = moved(seen, address, *MOVING[2]).result
    assert recorded == "plain: diverged at step 75; momentum: diverged at step 116"
    assert said == (
        "plain: objective 0.7457 after 60 steps; "
        "momentum: objective 3.969e−08 after 60 steps"
    )


@pytest.mark.parametrize("page", DIAGRAMS)
def test_a_diagram_is_moved(seen: dict[Visit, Seen], address: str, page: str) -> None:
    """It is drawn anew, and says what this Python says."""
    name, values, said, redrawn = moved(seen, address, page, MOVE).result
    assert said == diagrams.named(name)(**values).said
    assert redrawn


def test_an_exercise_is_checked(seen: dict[Visit, Seen], address: str) -> None:
    """The stub falls short, with a sentence; the solution passes."""
    stub, solution = moved(seen, address, *MOVING[3]).result
    assert "got None, expected 0.8" in stub
    assert solution == "Passed: 8 of 8 properties hold."


def test_a_reload_keeps_the_place(seen: dict[Visit, Seen], address: str) -> None:
    """Far down in a chapter most of which has never been laid out."""
    assert moved(seen, address, MOMENTUM, GO, RETURN).result
