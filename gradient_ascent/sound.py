"""Sounds that a notebook plays: numbers written as WAV, with what is heard."""

from __future__ import annotations

import base64
import html
import io
import sys
import wave
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from gradient_ascent.arguments import check_whole

LOUDEST = 32767  # of 16 bits


def wav(samples: Iterable[float], sample_rate: int = 8000) -> bytes:
    """A sound of one channel and 16 bits, as the bytes of a WAV file.

    The same samples give the same bytes.

    Args:
        samples: the loudest of them, of either sign, becomes as loud as 16 bits
            can be.
        sample_rate: samples per second.

    Raises:
        TypeError: a sample rate that is not whole.
        ValueError: it is below 1; no samples; or one that is not finite.
    """
    check_whole("wav", "sample_rate", sample_rate, least=1)
    numbers = [float(x) for x in samples]
    peak = max((abs(x) for x in numbers), default=0.0)
    if not numbers or not all(abs(x) < float("inf") for x in numbers):
        raise ValueError("wav: samples must be finite, one or more")
    loud = LOUDEST / (peak or 1.0)
    frames = array("h", (round(loud * x) for x in numbers))
    if sys.byteorder == "big":
        frames.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(sample_rate)
        written.writeframes(frames.tobytes())
    return file.getvalue()


@dataclass(frozen=True)
class Sound:
    """A sound, its name, and for who cannot hear it what is heard.

    Attributes:
        name: what it is.
        heard: what is heard, in words.
        samples: the sound.
        sample_rate: samples per second.
    """

    name: str
    heard: str
    samples: Iterable[float]
    sample_rate: int = 8000


class Players:
    """Players for some sounds, one below the other: what a cell may end with.

    Nothing is loaded before the reader plays it. In a notebook the sounds
    travel in the page; the book's build makes files of them.
    """

    def __init__(self, *sounds: Sound) -> None:
        self.sounds = sounds

    def __repr__(self) -> str:
        return "\n".join(f"{each.name}: {each.heard}" for each in self.sounds)

    def _repr_html_(self) -> str:
        rows = []
        for each in self.sounds:
            data = base64.b64encode(
                wav(each.samples, each.sample_rate)
            ).decode()
            name, heard = html.escape(each.name), html.escape(each.heard)
            rows.append(
                f'<div class="sound"><p><strong>{name}.</strong> {heard}</p>'
                f'<audio controls preload="none" aria-label="{name}" '
                f'src="data:audio/wav;base64,{data}"></audio></div>'
            )
        return f'<div class="sounds">{"".join(rows)}</div>'
