"""A lab's controls in a real browser: sliders, check boxes, and what may be off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gradient_ascent.rules import RULES
from tests.live.reader import (
    Reader,
    lab_shown,
    place_of_start,
    reading,
    touched,
    until_all_is_drawn,
)
from tests.live.test_shared_address import to_the_top
from tests.live.test_trace_lab import notice, opened

pytestmark = pytest.mark.browser

NAME = "chapters/practice/schedules.html"
# A fifth of a second, and a frame: what moves has moved by then, on any machine.
FRAMES = """async () => {
  const end = performance.now() + 200;
  while ((await new Promise(requestAnimationFrame)) < end);
}"""
OWN = "gradient_ascent: objective 2.711e−06 after 150 steps"


def outcome(page: Page) -> Locator:
    return page.locator(".lab-said")


def run(page: Page, number: int) -> Locator:
    return opened(page, f"Run {number}")


def choose(page: Page, rule: str) -> Locator:
    """Let run 2 be of this rule, with everything it has in view."""
    two = run(page, 2)
    two.get_by_label("Rule").select_option(rule)
    more = two.locator("details:not([open]) > summary")
    if more.count():
        more.click()
    return two


def code(page: Page) -> str:
    return page.locator(".lab-code").text_content() or ""


@pytest.fixture(scope="module")
def warm(browser: Browser, address: str) -> Iterator[Reader]:
    """A page whose lab is live."""
    with reading(browser, f"{address}/{NAME}") as seen:
        touched(seen.page)
        yield seen
        assert not seen.problems


@pytest.fixture()
def page(warm: Reader) -> Page:
    """The live lab, as it was at first."""
    warm.page.get_by_role("button", name="Reset").click()
    expect(outcome(warm.page)).to_contain_text(OWN)
    until_all_is_drawn(warm.page)
    return warm.page


def test_an_address_with_a_bool_opens_the_same_runs(page: Page) -> None:
    """As it was shared before there were check boxes; the page goes to its lab."""
    shared = "beale;1,1.5;150;gradient_ascent(lr=0.1,adaptive=false,warmup_steps=50)"
    to_the_top(page)
    expect(page.locator(".lab-picture")).not_to_be_in_viewport()
    follow(page, shared)
    expect(outcome(page)).to_have_text(OWN)
    expect(page.locator(".lab-picture")).to_be_in_viewport()


def follow(page: Page, shared: str) -> None:
    """Go to runs by their address, on the page that holds them."""
    page.evaluate("text => { location.hash = `lab-schedules=${text}` }", shared)


def test_what_the_caption_asks_for_can_be_done(page: Page) -> None:
    """Press *no warmup*, then lengthen it."""
    page.get_by_role("button", name="no warmup").click()
    expect(outcome(page)).to_contain_text("gradient_ascent: diverged at step 2;")
    warmup = run(page, 1).get_by_role("slider", name="warmup")
    warmup.focus()
    page.keyboard.press("ArrowRight")
    expect(warmup).to_have_attribute("aria-valuetext", "1 step")
    page.keyboard.press("End")
    expect(warmup).to_have_attribute("aria-valuetext", "150 steps")
    expect(outcome(page)).to_contain_text("gradient_ascent: objective")
    assert "warmup_steps=150" in code(page)


def test_a_check_box_is_true_or_false(page: Page) -> None:
    adaptive = run(page, 1).get_by_role("checkbox", name="adaptive")
    expect(adaptive).not_to_be_checked()
    adaptive.focus()
    page.keyboard.press("Space")
    expect(outcome(page)).not_to_contain_text(OWN)
    assert "adaptive=True" in code(page)
    adaptive.click()
    expect(outcome(page)).to_contain_text(OWN)
    assert "adaptive=False" in code(page)


def test_what_is_off_is_switched_on_and_off(page: Page) -> None:
    decay = run(page, 1).get_by_role("checkbox", name="decay past the warmup")
    slider = run(page, 1).get_by_role("slider", name="decay past the warmup")
    expect(slider).to_be_hidden()
    decay.click()
    expect(slider).to_have_attribute("aria-valuetext", "0.99 times a step")
    expect(page.locator(".lab-code")).to_contain_text("lr_decay=0.99")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lab-code")).to_contain_text("lr_decay=0.9901")
    decay.click()
    expect(slider).to_be_hidden()
    expect(page.locator(".lab-code")).to_contain_text("lr_decay=None")
    expect(outcome(page)).to_contain_text(OWN)
    decay.click()  # where it was
    expect(page.locator(".lab-code")).to_contain_text("lr_decay=0.9901")


def test_a_preset_switches_on_what_was_off(page: Page) -> None:
    page.get_by_role("button", name="decay too fast").click()
    decay = run(page, 1).get_by_role("checkbox", name="decay past the warmup")
    expect(decay).to_be_checked()
    page.get_by_role("button", name="Reset").click()
    expect(decay).not_to_be_checked()


def test_the_rest_is_folded_away_until_a_run_sets_it(page: Page) -> None:
    more = run(page, 2).locator(".lab-more")
    expect(more).not_to_have_attribute("open", "")
    expect(run(page, 2).get_by_role("slider", name="dampening")).to_be_hidden()
    for each in ("rmsprop", "momentum"):
        choose(page, each)
        expect(more).to_have_attribute("open", "")
    run(page, 2).get_by_role("slider", name="dampening").fill("100")
    opened(page, "All runs").get_by_role("button", name="Add a rule").click()
    expect(run(page, 3).get_by_label("Rule")).to_be_focused()
    expect(more).to_have_attribute("open", "")


@pytest.mark.parametrize("rule", RULES)
def test_every_slider_reaches_its_default(page: Page, rule: str) -> None:
    """A slider moved away by a key and back is where the rule's default is."""
    chosen = choose(page, rule)
    boxes = chosen.get_by_role("checkbox")
    for box in boxes.all():
        if "-on" in (box.get_attribute("id") or ""):
            box.check()
    for slider in chosen.get_by_role("slider").all():
        label = slider.get_attribute("aria-valuetext")
        number = slider.locator("+ input")
        before = number.input_value()
        slider.focus()
        away, back = "ArrowLeft", "ArrowRight"
        if slider.input_value() == "0":  # it is at its left end
            away, back = back, away
        page.keyboard.press(away)
        assert number.input_value() != before, label
        page.keyboard.press(back)
        assert float(number.input_value()) == float(before), label
    expect(outcome(page)).to_contain_text(f"{rule}: ")


def test_true_false_and_off_are_shared(page: Page, browser: Browser) -> None:
    two = choose(page, "rmsprop")
    two.get_by_role("checkbox", name="momentum").click()
    two.get_by_role("checkbox", name="momentum").click()
    two.get_by_role("checkbox", name="centered").click()
    expect(page.locator(".lab-code")).to_contain_text("momentum=None, centered=True")
    said, python = outcome(page).inner_text(), code(page)
    page.get_by_role("button", name="Share").click()
    expect(page).to_have_url(re.compile("momentum%3Dnull%2Ccentered%3Dtrue"))
    with reading(browser, page.url) as other:
        expect(outcome(other.page)).to_have_text(said)
        assert code(other.page) == python
        more = run(other.page, 2).locator(".lab-more")
        expect(more).to_have_attribute("open", "")
        assert not other.problems


NONSENSE = {
    "nonsense": "cannot be read",
    "beale;1,1;5;plain(lr=yes)": "cannot be read",
    "nowhere;1,1;5;plain(lr=1)": "landscape must be one of",
    "constructor;1,1;5;plain(lr=1)": "landscape must be one of",
    "beale;1,1;5;toString(lr=1)": "rule must be one of",
    "beale;1;5;plain(lr=1)": "start must have 2 coordinate(s)",
    "beale;1,1;5;plain(lr=null)": "lr must be a real number",
    "beale;1,1;5;adam(bias_correction=2)": "bias_correction must be True or False",
    "beale;1,1;5;plain(speed=2)": "plain takes no argument 'speed'",
}


@pytest.mark.parametrize("shared", NONSENSE)
def test_nonsense_in_the_address_is_explained(page: Page, shared: str) -> None:
    """And Reset finds back."""
    follow(page, shared)
    expect(notice(page)).to_contain_text(NONSENSE[shared])


def test_nonsense_starts_nothing(browser: Browser, address: str) -> None:
    with reading(browser, f"{address}/{NAME}#lab-schedules=nonsense") as seen:
        expect(notice(seen.page)).to_contain_text("These are the book's own.")
        lab_shown(seen.page)
        assert not seen.page.workers


def test_after_a_run_leaves_its_place_is_focused(page: Page) -> None:
    run(page, 2).get_by_role("button", name="Remove run 2, momentum").click()
    expect(run(page, 1).get_by_label("Rule")).to_be_focused()


def test_who_presses_by_keys_stays_there(browser: Browser, address: str) -> None:
    """Also where the press is what brings the runs."""
    with reading(browser, f"{address}/{NAME}") as seen:
        preset = seen.page.get_by_role("button", name="no warmup")
        preset.press("Enter")
        expect(outcome(seen.page)).to_contain_text("diverged at step 2")
        expect(preset).to_be_focused()


def test_a_finger_drags_the_start_and_not_the_page(
    browser: Browser, address: str
) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
    with reading(browser, f"{address}/{NAME}", **phone) as seen:
        page = seen.page
        lab_shown(page)
        x, y = place_of_start(page)
        before = page.evaluate("scrollY")
        touch = page.context.new_cdp_session(page)
        for kind, down in (("Start", 0), ("Move", 15), ("Move", 45), ("End", None)):
            points = [] if down is None else [{"x": x, "y": y + down}]
            about = {"type": f"touch{kind}", "touchPoints": points}
            touch.send("Input.dispatchTouchEvent", about)
        page.evaluate(FRAMES)
        assert page.evaluate("scrollY") == before
        expect(opened(page, "All runs").get_by_label("start y")).not_to_have_value(
            "1.5"
        )
        assert float(opened(page, "All runs").get_by_label("start y").input_value()) < 1


def test_without_motion_a_press_shows_the_next_stage(page: Page) -> None:
    """The reader of these tests wants less motion."""
    step = page.get_by_role("slider", name="step", exact=True)
    following = page.get_by_role("button", name="Next stage")
    following.click()
    expect(step).to_have_attribute("aria-valuetext", "15 of 150")
    following.click()
    page.evaluate(FRAMES)
    expect(step).to_have_attribute("aria-valuetext", "30 of 150")
    page.emulate_media(reduced_motion="no-preference")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")


def test_a_live_lab_is_printed_with_what_was_set(page: Page) -> None:
    page.emulate_media(media="print")
    for part in (".lab-picture", ".lab-legend", ".lab-worked", ".lab-code"):
        expect(page.locator(f".trace-lab {part}").first).to_be_visible()
    for part in (".lab-controls", ".lab-player", ".lab-bar"):
        expect(page.locator(f".trace-lab {part}").first).to_be_hidden()
    page.emulate_media(media="screen")
