"""Where games end: at the saddle, or as near as the rate allows."""

import inspect
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
import torch

from gradient_ascent.games import Method, MinMax
from gradient_ascent.optim import OPTIMIZERS
from tests.bilinear import Bilinear, every_method
from tools import games

AS_ADAM = ["adamw", "gradient_ascent"]
"""Rules that are Adam, to the last bit, with the options of `tools.games`."""


@every_method
@pytest.mark.parametrize("rule", AS_ADAM)
def test_without_decay_they_play_as_adam(rule: str, method: Method) -> None:
    ours, adams = (
        games.distances(each, method, falling=True, steps=50) for each in (rule, "adam")
    )
    assert ours == adams


@pytest.mark.slow
@every_method
@pytest.mark.parametrize("rule", [r for r in games.RULES if r not in AS_ADAM])
def test_every_rule_finds_the_saddle_if_its_rate_falls(
    rule: str, method: Method
) -> None:
    ends = games.distances(rule, method, falling=True)
    assert max(ends.values()) < 1e-3, ends


@every_method
@pytest.mark.parametrize("name", ["signum", "lion"])
def test_steps_of_one_length_do_not_come_to_rest(name: str, method: Method) -> None:
    """Neighbours are eta apart in each coordinate, so one is eta/2 from the saddle."""
    monotone = Bilinear(method, OPTIMIZERS[name], own=1.0, start=(1.03, 0.07), lr=0.1)
    points = np.array([monotone.play(1).z for _ in range(300)])[-50:]
    away = np.maximum(abs(points[1:]), abs(points[:-1]))
    assert away.min() >= 0.05 - 1e-12
    assert away.max() < 1


@every_method
@pytest.mark.parametrize("name", ["rmsprop", "adam", "amsgrad"])
def test_half_the_rate_plays_the_same_game_half_as_large(
    name: str, method: Method
) -> None:
    """So where a constant rate circles the saddle, it does so in proportion to it."""
    one, two = (
        Bilinear(
            method, OPTIMIZERS[name], own=1.0, start=(c, -c), lr=c / 10, eps=0
        )
        for c in (1.0, 0.5)
    )  # fmt: skip
    for _ in range(100):
        assert one.play(1).z == tuple(2 * x for x in two.play(1).z)


@pytest.mark.slow
@pytest.mark.parametrize(("lr", "steps"), [(0.1, 4000), (0.01, 1500)])
@pytest.mark.parametrize("name", ["adam", "amsgrad"])
def test_extragradient_is_not_biased(name: str, lr: float, steps: int) -> None:
    """A look-ahead that is forgotten leaves both from 0.03 to 0.3 off."""
    monotone = Bilinear(
        "extragradient", OPTIMIZERS[name], own=1.0, start=(1.0, -2.0), lr=lr
    )  # fmt: skip
    assert monotone.play(steps).distance < 1e-3


def test_the_example_of_the_docstring() -> None:
    """As it stands there, from (1, 1)."""
    documented = inspect.getdoc(MinMax) or ""
    block = documented[documented.index("sides = ") :].split("\n\n", 1)[0]
    names: dict[str, Any] = {"Adam": OPTIMIZERS["adam"], "MinMax": MinMax}
    x, y = (torch.ones(1, requires_grad=True) for _ in range(2))
    exec(dedent("    " + block), names | {"x": x, "y": y})
    assert torch.cat([x, y]).norm() < 1e-3
