"""What fails in a game changes nothing, and what cannot be played is named."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim import SGD

from gradient_ascent import GradientAscent
from gradient_ascent.games import Method, MinMax, Payoff
from gradient_ascent.optim import LBFGS
from tests.bilinear import PLAIN, Bilinear, Duel, every_method
from tools.games import RULES

MOVES = {"simultaneous": 2, "alternating": 2, "extragradient": 4, "optimistic": 4}
LOOKS = {"simultaneous": 1, "alternating": 2, "extragradient": 2, "optimistic": 1}


@every_method
@pytest.mark.parametrize("rule", ["plain", "momentum", "adam", "adagrad"])
def test_whatever_fails_nothing_has_changed(rule: str, method: Method) -> None:
    """At each look at the payoff in turn, and at each move of an optimizer."""
    for looks, ends in ((True, LOOKS[method]), (False, MOVES[method])):
        for fails in range(1, ends + 2):
            duel = Duel(method, RULES[rule], RULES[rule], **PLAIN).play(3)
            before = snapshot(duel)
            left = [fails]

            def count(counts: bool, left: list[int] = left) -> None:
                left[0] -= counts
                if left[0] == 0:
                    raise KeyboardInterrupt

            def payoff(
                looks: bool = looks, duel: Duel = duel, count: Any = count
            ) -> Tensor:
                count(looks)
                return duel.payoff()

            for each in duel.players:
                each.register_step_pre_hook(lambda *_, c=count, x=looks: c(not x))
            if fails > ends:
                duel.game.step(payoff)
                assert left == [1] and snapshot(duel) != before
                continue
            with pytest.raises(KeyboardInterrupt):
                duel.game.step(payoff)
            assert snapshot(duel) == before


class Counts(SGD):
    """It keeps notes in its groups, and nested ones in its state."""

    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            group["taken"] = group.get("taken", 0) + 1
            group.setdefault("seen", []).append(group["taken"])
            for p in group["params"]:
                notes = self.state[p].setdefault("notes", {"steps": 0, "last": [[]]})
                notes["steps"] += 1
                notes["last"][0].append(p.detach().clone())
                notes["last"][0][0].add_(1)
        return super().step(closure)


@every_method
def test_counters_in_groups_and_lists_in_states_come_back(method: Method) -> None:
    duel = Duel(method, Counts, Counts, **PLAIN).play(2)
    held = [p["notes"] for each in duel.players for p in each.state.values()]
    before, failing = snapshot(duel), duel.players[1]
    inner = failing.register_step_post_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        duel.game.step(duel.payoff)
    inner.remove()
    assert snapshot(duel) == before
    now = [p["notes"] for each in duel.players for p in each.state.values()]
    assert all(a is b for a, b in zip(held, now, strict=True)), "the very objects"
    twin = Duel(method, Counts, Counts, **PLAIN).play(2)
    assert snapshot(duel.play(1)) == snapshot(twin.play(1))


def snapshot(duel: Duel) -> str:
    grads = duel.x.grad, duel.y.grad
    states = [each.state_dict() for each in duel.players]
    return str((duel.z, grads, states, duel.game.state_dict()))


def test_a_gradient_that_is_not_finite_moves_nobody() -> None:
    duel = Duel("simultaneous", SGD, GradientAscent, lr=0.1)
    with pytest.raises(FloatingPointError, match="not finite"):
        duel.game.step(lambda: duel.payoff() + (duel.y * torch.inf).sum())
    assert duel.z == (1.0, 1.0)


def test_backward_and_a_payoff_for_each_is_refused() -> None:
    bilinear = Bilinear("simultaneous", **PLAIN)

    def closure() -> Payoff:
        value = bilinear.payoff()
        value.backward()  # type: ignore[no-untyped-call]
        return value, value

    with pytest.raises(RuntimeError, match="MinMax: closure must not call backward"):
        bilinear.game.step(closure)
    assert bilinear.z == (1.0, 1.0)


def test_what_cannot_play_is_named() -> None:
    x, y = (torch.ones(1, requires_grad=True) for _ in range(2))
    one, two = SGD([x], lr=0.1), SGD([y], lr=0.1)
    for optimizers, error, says in (
        ([one, 3], TypeError, r"be torch's, got 3 \(int\)"),
        ([one], ValueError, "two players or more, got a sequence of 1"),
        ([], ValueError, "got a sequence of 0"),
        ([one, SGD([y, x], lr=0.1)], ValueError, "that two optimizers move"),
        ([one, one], ValueError, "that two optimizers move"),
        ([one, LBFGS([y])], TypeError, "LBFGS needs a closure of its own"),
        (LBFGS([y]), TypeError, "LBFGS needs a closure of its own"),
    ):
        with pytest.raises(error, match=f"MinMax: optimizer must (.* )?{says}"):
            MinMax(optimizers)  # type: ignore[arg-type]
    game = MinMax([one, two])
    lead, ones = torch.ones(1), torch.ones(2)
    for state, error, says in (
        (
            {"previous": []},
            ValueError,
            "a MinMax's own, got .* without leads and steps",
        ),
        ({"steps": 1, "leads": [None]}, ValueError, "as many parameters, 2, got 1"),
        ({"steps": 1, "leads": [None, ones]}, ValueError, r"got \(2,\) for \(1,\)"),
        ({"steps": 1, "leads": [lead, lead * 1j]}, ValueError, "real .* got torch.c"),
        (None, TypeError, "a dict, as MinMax.state_dict returns, got None"),
        ([3], TypeError, r"a dict, .* got \[3\]"),
        ({"steps": "3", "leads": [None] * 2}, TypeError, r"an int, got '3' \(str\)"),
        ({"steps": -1, "leads": [None] * 2}, ValueError, "0 or more, got -1"),
        ({"steps": 1, "leads": None}, TypeError, "a list of tensors or None, got None"),
        ({"steps": 1, "leads": [0.5, None]}, TypeError, "tensors or None, got 0.5"),
    ):
        with pytest.raises(error, match=rf"MinMax: state_dict.* must .*{says}"):
            game.load_state_dict(state)  # type: ignore[arg-type]
        assert game.steps == 0 and game.state_dict()["leads"] == [None, None]


def test_a_grad_scaler_is_refused() -> None:
    bilinear = Bilinear("simultaneous", **PLAIN)
    scaler = torch.amp.GradScaler("cpu")  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="MinMax cannot be stepped by a GradScaler"):
        scaler.scale(bilinear.payoff())
        scaler.step(bilinear.game, bilinear.payoff)
    assert bilinear.z == (1.0, 1.0)


def test_a_complex_payoff_is_refused() -> None:
    bilinear = Bilinear("simultaneous", **PLAIN)
    with pytest.raises(TypeError, match="must return real scalars"):
        bilinear.game.step(lambda: bilinear.payoff() * 1j)
