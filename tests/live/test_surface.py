"""Surfaces in the page: a picture first, turned in space when that is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.live.reader import Reader, reading

pytestmark = pytest.mark.browser

NAME = "chapters/intro.html"
TURN = "Turn it in space"
EYE = "e => Object.values(e._fullLayout.scene._scene.getCamera().eye)"
TURNED = """([scene, first, far]) => {
  const eye = Object.values(scene._fullLayout.scene._scene.getCamera().eye);
  return eye.some((each, i) => Math.abs(each - first[i]) > far);
}"""
DRAWN = "canvas => canvas.getContext('webgl').drawingBufferWidth"


@pytest.fixture(scope="module")
def turned(browser: Browser, address: str) -> Iterator[Reader]:
    """A page whose surface can be turned."""
    with reading(browser, f"{address}/{NAME}") as opened:
        turn(opened.page)
        yield opened
        assert not opened.problems


@pytest.fixture()
def scene(turned: Reader) -> Locator:
    """The surface as it was seen at first."""
    shown = surface(turned.page).get_by_role("application")
    shown.press("Home")
    return shown


def surface(page: Page) -> Locator:
    return page.locator(".live-surface").first


def turn(page: Page) -> Locator:
    """Press the button, and wait for the turnable surface."""
    surface(page).get_by_role("button", name=TURN).click()
    scene = surface(page).get_by_role("application")
    surface(page).get_by_role("button", name="Turn left").wait_for()
    return scene


def test_nothing_heavy_is_loaded_before_it_is_asked_for(
    browser: Browser, address: str
) -> None:
    with reading(browser, f"{address}/{NAME}") as seen:
        surface(seen.page).get_by_role("button", name=TURN).wait_for()
        assert surface(seen.page).locator("img").get_attribute("alt")
        assert not [
            url
            for url in seen.requests
            if "plotly" in url or ("surfaces" in url and ".json" in url)
        ]
        assert not seen.problems


def test_without_javascript_the_picture_is_there(
    browser: Browser, address: str
) -> None:
    with reading(browser, f"{address}/{NAME}", java_script_enabled=False) as seen:
        expect(surface(seen.page).locator("img")).to_be_visible()
        expect(surface(seen.page).get_by_role("button")).to_have_count(0)


def test_it_turns_by_keyboard_buttons_and_pointer(scene: Locator) -> None:
    page = scene.page
    status = surface(page).get_by_role("status")
    first = scene.evaluate(EYE)
    page.keyboard.press("ArrowLeft")
    expect(status).to_have_text("Seen from direction -80°, 42° above.")
    assert scene.evaluate(EYE) != first
    surface(page).get_by_role("button", name="See from higher up").click()
    expect(status).to_have_text("Seen from direction -80°, 52° above.")
    scene.focus()
    page.keyboard.press("Home")
    expect(status).to_have_text("Seen from direction -70°, 42° above.")
    assert scene.evaluate(EYE) == pytest.approx(first)

    box = scene.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 90, middle[1], steps=5)
    page.mouse.up()
    page.wait_for_function(TURNED, arg=[scene.element_handle(), first, 0.05])


def test_a_wheel_scrolls_the_page_and_with_ctrl_goes_nearer(scene: Locator) -> None:
    page = scene.page
    scene.scroll_into_view_if_needed()
    first, before = scene.evaluate(EYE), page.evaluate("scrollY")
    scene.hover()
    page.mouse.wheel(0, 100)
    page.wait_for_function("(before) => scrollY > before", arg=before)
    assert scene.evaluate(EYE) == first
    page.keyboard.down("Control")
    page.mouse.wheel(0, -30)
    page.wait_for_function(TURNED, arg=[scene.element_handle(), first, 0.05])
    page.keyboard.up("Control")
    near = scene.evaluate(EYE)
    assert [x / y for x, y in zip(near, first)] == pytest.approx([math.exp(-0.3)] * 3)


def test_no_drag_leads_below_the_surface(scene: Locator) -> None:
    page = scene.page
    first = scene.evaluate(EYE)
    scene.hover()
    page.mouse.down()
    page.mouse.move(300, 0, steps=8)
    page.mouse.move(300, -900, steps=8)
    page.mouse.up()
    page.wait_for_function(TURNED, arg=[scene.element_handle(), first, 0.05])
    x, y, z = scene.evaluate(EYE)
    assert math.degrees(math.asin(z / math.hypot(x, y, z))) >= 4.9


def test_print_shows_the_picture(scene: Locator) -> None:
    page = scene.page
    page.emulate_media(media="print")
    expect(scene).to_be_hidden()
    expect(surface(page).locator("img")).to_be_visible()
    expect(surface(page).get_by_role("button")).to_have_count(0)
    page.emulate_media(media="screen")


def test_the_way_back_to_the_picture_and_on_to_the_first_view(scene: Locator) -> None:
    page = scene.page
    first = scene.evaluate(EYE)
    surface(page).get_by_role("button", name="Back to the picture").click()
    expect(surface(page).locator("img")).to_be_visible()
    expect(surface(page).get_by_role("button", name=TURN)).to_be_focused()
    expect(scene).to_have_count(0)
    turn(page)
    expect(scene).to_be_focused()
    expect(surface(page).locator("img")).to_be_hidden()
    assert scene.locator("canvas").first.evaluate(DRAWN) > 0
    assert scene.evaluate(EYE) == pytest.approx(first)


@pytest.mark.parametrize(
    ("stands_in_the_way", "sentence"),
    [
        ("HTMLCanvasElement.prototype.getContext = () => null", "has no WebGL"),
        ("**/plotly/*.js", "could not be loaded"),
        ("**/surfaces/*.json", "numbers could not be loaded"),
    ],
)
def test_where_it_cannot_turn_it_says_so_and_the_picture_stays(
    browser: Browser, address: str, stands_in_the_way: str, sentence: str
) -> None:
    with reading(browser, f"{address}/chapters/notation.html") as seen:
        if stands_in_the_way.startswith("**"):
            seen.page.route(stands_in_the_way, lambda route: route.abort())
        else:
            seen.page.evaluate(stands_in_the_way)
        surface(seen.page).get_by_role("button", name=TURN).click()
        expect(surface(seen.page).get_by_role("status")).to_contain_text(sentence)
        expect(surface(seen.page).get_by_role("status")).to_contain_text(
            "The picture stays."
        )
        expect(surface(seen.page).locator("img")).to_be_visible()
        expect(surface(seen.page).get_by_role("button", name=TURN)).to_be_enabled()


def test_a_finger_turns_it_on_a_phone(browser: Browser, address: str) -> None:
    phone = {
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        "is_mobile": True,
    }
    with reading(browser, f"{address}/{NAME}", **phone) as seen:
        scene = turn(seen.page)
        scene.scroll_into_view_if_needed()
        first = scene.evaluate(EYE)
        box = scene.bounding_box()
        assert box
        assert box["width"] <= 360
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touch = seen.page.context.new_cdp_session(seen.page)

        def swiped() -> bool:
            for kind, dx in [
                ("touchStart", 0),
                *(("touchMove", 15 * i) for i in range(1, 6)),
                ("touchEnd", 75),
            ]:
                points = [] if kind == "touchEnd" else [{"x": x + dx, "y": y}]
                touch.send(
                    "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
                )
            looks = [scene.element_handle(), first, 0.02]
            return bool(seen.page.evaluate(TURNED, looks))

        # A busy browser may take a swipe for none; its reader swipes again.
        assert any(swiped() or seen.page.wait_for_timeout(500) for _ in range(60))
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert not seen.problems
