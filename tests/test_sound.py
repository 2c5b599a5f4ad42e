"""Sounds: what is in the bytes, and what a page gets."""

from __future__ import annotations

import io
import re
import sys
import wave
from array import array

import pytest
from bookweb import sounds

from gradient_ascent.sound import Players, Sound, wav


def read(data: bytes) -> tuple[tuple[int, int, int], list[int]]:
    with wave.open(io.BytesIO(data)) as file:
        form = file.getnchannels(), file.getsampwidth(), file.getframerate()
        frames = array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        frames.byteswap()
    return form, frames.tolist()


def test_the_loudest_sample_is_as_loud_as_can_be() -> None:
    form, frames = read(wav([0.0, 2.0, -4.0, 1.0], 8000))
    assert form == (1, 2, 8000)
    assert frames == [0, 16384, -32767, 8192]
    assert read(wav([0.0, 0.0]))[1] == [0, 0]
    assert wav([0.1, 0.2]) == wav([0.1, 0.2])


@pytest.mark.parametrize("samples", [[], [float("nan")], [1.0, float("inf")]])
def test_what_is_no_sound(samples: list[float]) -> None:
    with pytest.raises(ValueError, match="finite, one or more"):
        wav(samples)


def test_a_page_gets_files_that_are_named_by_what_is_in_them() -> None:
    one = Sound("<Bell>", "A bell.", [0.0, 1.0])
    players = Players(one, Sound("Drum", "A drum.", [1.0, -1.0]), one)
    assert repr(players).splitlines()[1] == "Drum: A drum."
    html = players._repr_html_()
    assert html.count('<audio controls preload="none" aria-label="') == 3
    assert "&lt;Bell&gt;" in html
    page, files = sounds.taken_out(html)
    assert set(files.values()) == {wav([0.0, 1.0]), wav([1.0, -1.0])}
    named = re.findall(r'src="{folder}/(\w{16}\.wav)"', page)
    assert named[0] == named[2] != named[1]
    assert set(named) == set(files)
    assert "data:" not in page
