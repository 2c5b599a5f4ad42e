"""Two steps of every rule, worked by hand with round numbers."""

from fractions import Fraction
from math import sqrt
from typing import Any

import pytest

from gradient_ascent import rules


def two_steps(
    rule: rules.Rule, gradients: tuple[Any, Any], **hyperparameters: Any
) -> tuple[Any, Any]:
    """The first two steps of a rule from its own initial state, at one parameter."""
    first, state = rule(gradients[0], **hyperparameters)
    second, _ = rule(gradients[1], state, **hyperparameters)
    return first, second


def close(*numbers: float) -> Any:
    return pytest.approx(numbers, rel=1e-14, abs=0)


def test_plain() -> None:
    # 1/2 * 3 = 3/2;  1/2 * (-1) = -1/2
    steps = two_steps(rules.plain, (3, -1), lr=Fraction(1, 2))
    assert steps == (Fraction(3, 2), Fraction(-1, 2))


def test_momentum() -> None:
    # v = 2, step 1/2 * 2 = 1;  v = 3/4 * 2 + 4 = 11/2, step 11/4
    steps = two_steps(
        rules.momentum, (2, 4), lr=Fraction(1, 2), momentum=Fraction(3, 4)
    )
    assert steps == (1, Fraction(11, 4))


def test_momentum_with_dampening() -> None:
    # v = 2: the first gradient whole;  v = 3/4 * 2 + (1 - 1/4) * 4 = 9/2, step 9/4
    steps = two_steps(
        rules.momentum, (2, 4),
        lr=Fraction(1, 2), momentum=Fraction(3, 4), dampening=Fraction(1, 4),
    )  # fmt: skip
    assert steps == (1, Fraction(9, 4))


def test_nesterov() -> None:
    # v = 2, step 1/2 * (2 + 3/4 * 2) = 7/4
    # v = 3/4 * 2 + 4 = 11/2, step 1/2 * (4 + 3/4 * 11/2) = 65/16
    steps = two_steps(
        rules.nesterov, (2, 4), lr=Fraction(1, 2), momentum=Fraction(3, 4)
    )
    assert steps == (Fraction(7, 4), Fraction(65, 16))


def test_adagrad() -> None:
    # s = 9, step 2 * 3 / 3 = 2;  s = 9 + 16 = 25, step 2 * 4 / 5 = 8/5
    assert two_steps(rules.adagrad, (3, 4), lr=2, eps=0) == close(2, 8 / 5)


def test_adagrad_with_its_rate_decaying() -> None:
    # the first rate is whole: 2 * 3/3;  the second is 2 / (1 + 1/3) = 3/2: 3/2 * 4/5
    steps = two_steps(rules.adagrad, (3, 4), lr=2, lr_decay=1 / 3, eps=0)
    assert steps == close(2, 6 / 5)


def test_adagrad_with_a_large_epsilon() -> None:
    # outside the root: 3 / (3 + 2);  4 / (5 + 2)
    assert two_steps(rules.adagrad, (3, 4), lr=1, eps=2) == close(3 / 5, 4 / 7)
    # inside it: 3 / √(9 + 7) = 3/4;  4 / √(25 + 7) = 4 / (4√2) = 1/√2
    steps = two_steps(rules.adagrad, (3, 4), lr=1, eps=7, eps_in_sqrt=True)
    assert steps == close(3 / 4, 1 / sqrt(2))


def test_rmsprop() -> None:
    # s = 1/4 * 4² = 4, step 4/2 = 2;  s = 3/4 * 4 + 1/4 * 2² = 4, step 2/2 = 1
    assert two_steps(rules.rmsprop, (4, 2), lr=1, alpha=0.75, eps=0) == close(2, 1)


def test_rmsprop_with_momentum() -> None:
    # the scaled gradients are 2 and 1, as above: v = 2;  v = 1/2 * 2 + 1 = 2
    steps = two_steps(rules.rmsprop, (4, 2), lr=1, alpha=0.75, eps=0, momentum=0.5)
    assert steps == close(2, 2)


def test_rmsprop_centered() -> None:
    # s = 1/2 * 2² = 2, m = 1/2 * 2 = 1: √(2 - 1) = 1, step 2
    # s = 1/2 * 2 + 1/2 * 4² = 9, m = 1/2 + 1/2 * 4 = 5/2: √(9 - 25/4) = √11/2,
    # step 4 / (√11/2) = 8/√11
    steps = two_steps(rules.rmsprop, (2, 4), lr=1, alpha=0.5, eps=0, centered=True)
    assert steps == close(2, 8 / sqrt(11))


def test_adam() -> None:
    # m = 1/2 * 4 = 2,          corrected 2 / (1/2) = 4
    # v = 1/4 * 4² = 4,         corrected 4 / (1/4) = 16:     step 4/4 = 1
    # m = 1/2 * 2 + 1/2 * 1 = 3/2,    corrected 3/2 / (3/4) = 2
    # v = 3/4 * 4 + 1/4 * 1² = 13/4,  corrected 13/4 / (7/16) = 52/7:  step 2/√(52/7)
    steps = two_steps(rules.adam, (4, 1), lr=1, beta1=0.5, beta2=0.75, eps=0)
    assert steps == close(1, 2 / sqrt(52 / 7))


def test_adam_without_bias_correction() -> None:
    # the same averages, as they are: 2 / √4 = 1;  3/2 / √(13/4) = 3/√13
    steps = two_steps(
        rules.adam, (4, 1), lr=1, beta1=0.5, beta2=0.75, eps=0, bias_correction=False
    )
    assert steps == close(1, 3 / sqrt(13))


def test_adams_epsilon_stands_outside_the_root() -> None:
    # 4 / (√16 + 1) = 4/5;  2 / (√(52/7) + 1)
    steps = two_steps(rules.adam, (4, 1), lr=1, beta1=0.5, beta2=0.75, eps=1)
    assert steps == close(4 / 5, 2 / (sqrt(52 / 7) + 1))


def test_adamw() -> None:
    # Adam's steps 1 and 2 / √(52/7), less 1/2 * 1/4 of the parameter 8
    steps = two_steps(
        rules.adamw, (4, 1), parameter=8,
        lr=0.5, beta1=0.5, beta2=0.75, eps=0, weight_decay=0.25,
    )  # fmt: skip
    assert steps == close(1 / 2 - 1, 1 / sqrt(52 / 7) - 1)


def test_amsgrad() -> None:
    # Adam's averages: m = 2, then 3/2; v = 4, then 13/4, so the largest stays u = 4.
    # corrected: 4 / √(4 / (1/4)) = 1;  2 / √(4 / (7/16)) = 2 / (8/√7) = √7/4
    steps = two_steps(rules.amsgrad, (4, 1), lr=1, beta1=0.5, beta2=0.75, eps=0)
    assert steps == close(1, sqrt(7) / 4)


def test_amsgrad_without_bias_correction() -> None:
    # 2 / √4 = 1;  3/2 / √4 = 3/4
    steps = two_steps(
        rules.amsgrad, (4, 1), lr=1, beta1=0.5, beta2=0.75, eps=0, bias_correction=False
    )
    assert steps == close(1, 3 / 4)


def test_amsgrad_that_corrects_before_the_maximum() -> None:
    # corrected averages 16, then 52/7 < 16, so u = 16: 4/4 = 1;  2/4 = 1/2
    steps = two_steps(
        rules.amsgrad,
        (4, 1),
        lr=1,
        beta1=0.5,
        beta2=0.75,
        eps=0,
        correct_before_max=True,
    )
    assert steps == close(1, 1 / 2)


def test_signum() -> None:
    # v = 1/4 * 4 = 1: 1/2, less 1/2 * 1/4 * 8 = 1;  v = 3/4 - 1/4 * 4 < 0: -1/2 - 1
    steps = two_steps(
        rules.signum, (4, -4), parameter=8,
        lr=Fraction(1, 2), momentum=Fraction(3, 4), weight_decay=Fraction(1, 4),
    )  # fmt: skip
    assert steps == (Fraction(-1, 2), Fraction(-3, 2))


def test_lion() -> None:
    # c = 1/2 * 4 > 0: 1/2 - 1, and m = 1/4 * 4 = 1
    # c = 1/2 * 1 + 1/2 * (-1) = 0: 0 - 1
    steps = two_steps(
        rules.lion, (4, -1), parameter=8, lr=Fraction(1, 2),
        beta1=Fraction(1, 2), beta2=Fraction(3, 4), weight_decay=Fraction(1, 4),
    )  # fmt: skip
    assert steps == (Fraction(-1, 2), -1)


def test_gradient_ascent() -> None:
    # Adam's numbers, under this rule's names
    steps = two_steps(
        rules.gradient_ascent, (4, 1), lr=1, momentum=0.5, beta=0.75, eps=0
    )
    assert steps == close(1, 2 / sqrt(52 / 7))


def test_gradient_ascent_with_nesterov_and_without_scale() -> None:
    # v = 2, ahead 1/2 * 2 + 1/2 * 4 = 3, weights 1 - 1/4 = 3/4: 3 / (3/4) = 4
    # v = 3/2, ahead 1/2 * 3/2 + 1/2 * 1 = 5/4, weights 1 - 1/8: 5/4 / (7/8) = 10/7
    steps = two_steps(
        rules.gradient_ascent, (4, 1), lr=1, momentum=0.5, nesterov=True, adaptive=False
    )
    assert steps == close(4, 10 / 7)


def test_gradient_ascent_with_everything() -> None:
    # clipped to (2, 1); rates 1/2 * (1/2, 1) by warmup over 2 steps
    # v = 1, ahead 1/2 + 1 = 3/2; s = 1/4 * 2² = 1: 1/4 * (3/2) / √1 = 3/8
    # v = 1/2 + 1/2 = 1, ahead 1/2 + 1/2 = 1; s = 3/4 + 1/4 = 1: 1/2 * 1 / 1 = 1/2
    steps = two_steps(
        rules.gradient_ascent, (9, 1), lr=0.5, momentum=0.5, beta=0.75, eps=0,
        nesterov=True, clip_value=2, warmup_steps=2, lr_decay=0.5,
        bias_correction=False,
    )  # fmt: skip
    assert steps == close(3 / 8, 1 / 2)


def test_legacy() -> None:
    # v = 4, s = 1/4 * 4² = 4, step 4/2 = 2
    # v = 1/2 * 4 + 1 = 3, s = 3/4 * 4 + 1/4 = 13/4, rate 1/2: step 1/2 * 3 / √(13/4)
    steps = two_steps(
        rules.legacy, (4, 1), lr=1, momentum=0.5, beta=0.75, eps=0, lr_decay=0.5
    )
    assert steps == close(2, 3 / sqrt(13))


def test_legacy_with_nesterov() -> None:
    # g = 4, v = 4, s = 4, step 2
    # g = 1 + 1/2 * 4 = 3, v = 1/2 * 4 + 3 = 5, s = 3/4 * 4 + 1/4 * 3² = 21/4
    steps = two_steps(
        rules.legacy, (4, 1), lr=1, momentum=0.5, beta=0.75, eps=0, nesterov=True
    )
    assert steps == close(2, 5 / sqrt(21 / 4))
