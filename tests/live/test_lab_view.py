"""A lab in one view: picture beside the control in hand, what needs no Python."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from gradient_ascent import lab
from gradient_ascent.landscapes import LANDSCAPES
from tests.live.reader import Reader, lab_shown, reading
from tests.live.test_trace_lab import NAME, opened, outcome
from tests.site.contents import ROOT, chapters

sys.path.insert(0, str(ROOT / "web"))

from bookweb import lab_record

LABS = re.compile(
    r'<figure class="live trace-lab[^"]*" id="(?P<name>[\w-]+)".*?'
    r'<script type="application/json">(?P<about>.*?)</script>',
    re.DOTALL,
)
SCREENS = [(1440, 900), (1024, 768), (360, 740)]
# Go to the lab, and on to a control as a reader's Tab does; say what is seen whole.
TOGETHER = """async (control) => {
  control.closest(".trace-lab").scrollIntoView({ block: "start", behavior: "instant" });
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: "nearest", behavior: "instant" });
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const seen = (part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  };
  const { left, right, top, bottom } = control.getBoundingClientRect();
  const on = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const picture = control.closest(".trace-lab").querySelector(".lab-picture");
  const covered = [0.02, 0.5, 0.98].some((share) => {
    const box = picture.getBoundingClientRect();
    const across = box.left + 0.5 * box.width, down = box.top + share * box.height;
    return !picture.contains(document.elementFromPoint(across, down));
  });
  const free = control === on || control.contains(on);
  return [free, seen(control), seen(picture), !covered];
}"""
IN_A_FRAME = """async (pressed) => {
  const line = () => document.querySelector(".lab-lines path[stroke]").outerHTML;
  const before = line();
  pressed.click();
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return line() !== before;
}"""


def labs(html: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each lab's page, name, and what its script is told."""
    for name in chapters():
        text = (html / f"{name}.html").read_text(encoding="utf-8")
        for found in LABS.finditer(text):
            yield name, found["name"], json.loads(found["about"])


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A page with its lab in view, and no Python."""
    with reading(browser, f"{address}/{NAME}") as seen:
        lab_shown(seen.page)
        yield seen
        assert not seen.problems


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_picture_and_control_are_seen_together(
    browser: Browser, address: str, html: Path, width: int, height: int
) -> None:
    screen = {"width": width, "height": height}
    for chapter, name, about in labs(html):
        with reading(browser, f"{address}/{chapter}.html", viewport=screen) as seen:
            here = seen.page.locator(f"#{name}")
            here.scroll_into_view_if_needed()
            expect(here.locator(".lab-picture")).to_be_visible()
            folded = here.locator(".lab-run")
            for run in range(len(about["spec"]["runs"]) + 1):
                if folded.nth(run).get_attribute("open") is None:
                    folded.nth(run).locator("> summary").click()
                controls = here.locator("input[type=range], select, .lab-play")
                for control in controls.all():
                    if control.is_visible():
                        found = control.evaluate(TOGETHER)
                        assert found == [True] * 4, (name, control, screen)


@pytest.mark.browser
def test_play_steps_and_presets_answer_in_a_frame_without_python(
    reader: Reader,
) -> None:
    page = reader.page
    page.locator(".lab-box").hover()
    page.wait_for_load_state("networkidle")
    for name in ("Next stage", "on 1 step", "back 1 step", "on 10 steps", "diverges"):
        button = page.get_by_role("button", name=name)
        assert button.evaluate(IN_A_FRAME), name
    assert not page.workers
    assert not [url for url in reader.requests if "pyodide" in url]


def test_what_is_recorded_is_what_python_gives(html: Path) -> None:
    found = list(labs(html))
    assert len(found) >= 6
    for chapter, _, about in found:
        own, presets = (html / chapter).parent, list(about["presets"].values())
        for file, specs in zip(about["recorded"], [[about["spec"]], presets]):
            held = json.loads((own / file).read_text(encoding="utf-8"))
            assert all(("torch" in each) == about["torch"] for each in held)
            ours = [{k: v for k, v in each.items() if k != "torch"} for each in held]
            assert ours == [lab_record.brief(lab.results(spec)) for spec in specs]


@pytest.mark.browser
def test_a_click_on_the_picture_sets_the_start(reader: Reader) -> None:
    page = reader.page
    before = outcome(page).inner_text()
    box = page.locator(".lab-land").bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 0.2 * box["height"])
    expect(outcome(page)).not_to_have_text(before)
    start = float(opened(page, "All runs").get_by_label("start p").input_value())
    assert 1 < start < 10
    expect(page.get_by_role("slider", name="Start of the runs")).to_have_attribute(
        "aria-valuetext", f"p {start:g}"
    )


@pytest.mark.browser
def test_a_step_is_shown_in_arrows_and_numbers(reader: Reader) -> None:
    """The second step of momentum, from the numbers that the rule itself gives."""
    page = reader.page
    step = page.get_by_role("slider", name="step", exact=True)
    expect(page.locator(".lab-arrows path")).to_have_count(0)
    step.fill("1")
    for kind in ("gradient", "memory", "step"):
        expect(page.locator(f".lab-arrows .lab-{kind}")).to_have_count(1)
    drawn = page.locator(".lab-arrows .lab-step path").last
    assert drawn.evaluate("(path) => getComputedStyle(path).stroke") == (
        page.locator(".lab-legend span")
        .nth(1)
        .locator("path")
        .first.evaluate("(path) => getComputedStyle(path).stroke")
    )
    velocity = 0.64 * -20 + -(2 * (10 + 0.02 * -20))
    for words in (
        "Step 2 of momentum, in numbers",
        "momentum_buffer = momentum × momentum_buffer + gradient",
        f"0.64 × (−20) + (−19.2) = −{-velocity:g}",
        "parameter += lr × momentum_buffer",
        f"0.02 × (−{-velocity:g}) = −{-0.02 * velocity:g}",
    ):
        expect(page.locator(".lab-fold").first).to_contain_text(words)
    opened(page, "Run 1")
    expect(page.locator(".lab-fold").first).to_contain_text("Step 2 of plain")
    expect(page.locator(".lab-arrows .lab-memory")).to_have_count(0)


@pytest.mark.browser
def test_a_lab_is_driven_and_tells_its_clock(reader: Reader) -> None:
    page = reader.page
    page.evaluate(
        """() => {
          window.told = [];
          for (const kind of ["lab:state", "lab:step"])
            document.addEventListener(kind, ({ detail }) => window.told.push(detail));
        }"""
    )
    wish = {"lab": "lab-momentum", "rule": "momentum", "hyperparameters": {"lr": 0.1}}
    page.evaluate(
        "(detail) => document.dispatchEvent(new CustomEvent('lab:set', { detail }))",
        wish,
    )
    expect(outcome(page)).to_contain_text("e−12 after 60 steps")
    told = page.evaluate("window.told")
    assert told[0]["state"]["runs"][1]["hyperparameters"]["lr"] == 0.1
    assert told[-1] == {"lab": "lab-momentum", "step": 60, "last": 60}


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_each_coordinate_has_a_symbol(landscape: str) -> None:
    """A letter and perhaps an index, as a lab writes them."""
    for name in LANDSCAPES[landscape].coordinates:
        assert re.fullmatch(r"[a-z]\d*", name)
