"""`Adversarial`: its payoffs at the optimum, their slopes, and bad input."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent.constraints import Box
from gradient_ascent.games import Method, MinMax
from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import (
    Adversarial,
    discriminator_payoff,
    generator_payoff,
)
from gradient_ascent.objectives.adversarial import Form
from gradient_ascent.optim import SGD

F64 = torch.float64
FORMS: list[Form] = ["non-saturating", "minimax"]
every_form = pytest.mark.parametrize("form", FORMS)


def normal_density(x: Tensor, mean: float, deviation: float) -> Tensor:
    z = (x - mean) / deviation
    return torch.exp(-z * z / 2) / (deviation * math.sqrt(2 * math.pi))


def game(seed: int, penalty: float = 0.0, form: Form = "non-saturating") -> Any:
    """A game of two small networks, its players' numbers, noise and data."""
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=F64)

    theta = draw(2, 2).requires_grad_()
    psi = draw(3, 4).requires_grad_()
    payoffs = Adversarial(
        lambda z: torch.tanh(z @ theta),
        lambda x: torch.tanh(x @ psi[:2]) @ psi[2],
        form, penalty,
    )  # fmt: skip
    return payoffs, theta, psi, draw(7, 2), draw(5, 2)


def test_equal_samples_are_worth_minus_log_four_at_most() -> None:
    """And that at the logit 0, which is where a discriminator ends up."""
    logits = torch.zeros(6, dtype=F64)
    best = discriminator_payoff(logits, logits)
    assert best.item() == pytest.approx(-math.log(4))
    assert generator_payoff(logits, "minimax").item() == pytest.approx(math.log(2))
    assert generator_payoff(logits).item() == pytest.approx(-math.log(2))
    result = maximize(lambda a: discriminator_payoff(a, a), torch.linspace(-3, 2, 6))
    assert result.success
    assert result.x.abs().max() < 1e-3


def test_the_best_discriminator_is_p_over_p_plus_q() -> None:
    """On a table of two distributions, a logit for each of their values."""
    p = torch.tensor([0.5, 0.25, 0.25, 0.0], dtype=F64)
    q = torch.tensor([0.1, 0.25, 0.4, 0.25], dtype=F64)

    def payoff(a: Tensor) -> Tensor:
        """A value with the probability k/20 is there k times among 20 samples."""
        real = a.repeat_interleave((20 * p).round().long())
        fake = a.repeat_interleave((20 * q).round().long())
        return discriminator_payoff(real, fake)

    start = torch.zeros(4, dtype=F64)
    result = maximize(payoff, start, optimizer="lbfgsb", constraint=Box(-9, 9))
    found = torch.sigmoid(result.x)
    torch.testing.assert_close(found, p / (p + q), atol=1e-3, rtol=0)
    middle = (p + q) / 2
    jensen_shannon = sum((each * (each / middle).log()).nansum() / 2 for each in (p, q))
    assert float(result.fun) == pytest.approx(
        -math.log(4) + 2 * float(jensen_shannon), abs=1e-3
    )


@pytest.mark.parametrize("other", [(0.0, 1.0), (1.0, 1.0), (-0.5, 2.0)])
def test_its_value_is_the_distance_of_two_normal_laws(
    other: tuple[float, float],
) -> None:
    """Drawn by their quantiles, against a sum over a fine grid."""
    levels = (torch.arange(20_000, dtype=F64) + 0.5) / 20_000
    drawn = torch.special.ndtri(levels)
    mean, deviation = other

    def logit(x: Tensor) -> Tensor:
        q = normal_density(x, mean, deviation)
        return (normal_density(x, 0, 1) / q).log()

    value = discriminator_payoff(logit(drawn), logit(mean + deviation * drawn))
    x = torch.linspace(-14, 14, 100_001, dtype=F64)
    p, q = normal_density(x, 0, 1), normal_density(x, mean, deviation)
    terms = p * (p / (p + q)).log() + q * (q / (p + q)).log()
    assert value.item() == pytest.approx(terms.sum().item() * 28 / 1e5, abs=1e-3)
    for shift in (-0.3, 0.2):  # and no other logit is worth more
        moved = [logit(drawn) + shift, logit(mean + deviation * drawn) + shift]
        assert discriminator_payoff(*moved) < value


@every_form
@pytest.mark.parametrize("penalty", [0.0, 0.7])
def test_gradients_are_those_of_finite_differences(form: Form, penalty: float) -> None:
    """Of both payoffs by both players, with the penalty's second derivatives."""
    payoffs, theta, psi, noise, data = game(3, penalty, form)
    for which in (0, 1):

        def value(*_: Tensor, which: int = which) -> Any:
            return payoffs(noise, data)[which]

        assert torch.autograd.gradcheck(value, (theta, psi))


def test_the_slopes_are_one_minus_d_and_d() -> None:
    a = torch.linspace(-40, 40, 81, dtype=F64, requires_grad=True)
    slopes = {}
    for form in FORMS:
        value = generator_payoff(a[:, None], form).sum()
        (slopes[form],) = torch.autograd.grad(value, a)
    d = torch.sigmoid(a.detach())
    torch.testing.assert_close(slopes["minimax"], d)
    torch.testing.assert_close(slopes["non-saturating"], torch.sigmoid(-a.detach()))
    torch.testing.assert_close(slopes["minimax"] + slopes["non-saturating"], d + 1 - d)
    assert slopes["minimax"][0] < 1e-17
    assert slopes["non-saturating"][0] == 1


def test_minimax_is_a_game_of_sum_zero() -> None:
    """What one gains by the generator's numbers, the other loses."""
    payoffs, theta, _, noise, data = game(5, form="minimax")
    ours, theirs = payoffs(noise, data)
    (up,) = torch.autograd.grad(ours, theta, retain_graph=True)
    (down,) = torch.autograd.grad(theirs, theta)
    torch.testing.assert_close(up, -down)


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_a_sure_discriminator_leaves_finite_numbers(dtype: torch.dtype) -> None:
    """Where D rounds to 0 or 1 its logarithm would be minus infinity."""
    sure = torch.tensor([1000.0], dtype=dtype, requires_grad=True)
    assert torch.sigmoid(sure) == 1
    value = discriminator_payoff(-sure, sure)
    assert value.item() == -2000
    assert torch.autograd.grad(value, sure)[0].item() == -2
    for form, worth in (("non-saturating", -1000), ("minimax", 0)):
        assert generator_payoff(-sure, form).item() == worth  # type: ignore[arg-type]


def test_the_penalty_is_half_of_gamma_times_the_mean_square_slope() -> None:
    data = torch.randn(5, 2, dtype=F64)
    w = torch.tensor([3.0, 4.0], dtype=F64, requires_grad=True)

    def linear(x: Tensor) -> Tensor:
        return x @ w

    plain, held = (
        Adversarial(lambda z: z, linear, penalty=gamma)(data, data)
        for gamma in (0.0, 2.0)
    )
    assert (plain[1] - held[1]).item() == pytest.approx(25)
    assert plain[0] == held[0]
    (slope,) = torch.autograd.grad(plain[1] - held[1], w)
    torch.testing.assert_close(slope, 2 * w.detach())
    assert not data.requires_grad


def test_games_beside_each_other_are_games_alone() -> None:
    several = [game(seed, penalty=0.5) for seed in (1, 2, 3)]
    thetas, psis, noise, data = (
        torch.stack([each[k].detach() for each in several]) for k in (1, 2, 3, 4)
    )
    thetas, psis = thetas.requires_grad_(), psis.requires_grad_()
    payoffs = Adversarial(
        lambda z: torch.tanh(z @ thetas),
        lambda x: (torch.tanh(x @ psis[:, :2]) * psis[:, 2:]).sum(-1),
        penalty=0.5,
    )
    ours = payoffs(noise, data)
    alone = [each[0](each[3], each[4]) for each in several]
    for which, players in ((0, thetas), (1, psis)):
        assert ours[which].item() == pytest.approx(
            sum(each[which].item() for each in alone)
        )
        (together,) = torch.autograd.grad(ours[which], players, retain_graph=True)
        for each, (_, theta, psi, *_), found in zip(alone, several, together):
            (slope,) = torch.autograd.grad(
                each[which], psi if which else theta, retain_graph=True
            )
            torch.testing.assert_close(found, slope)


@pytest.mark.parametrize("method", ["simultaneous", "alternating"])
def test_min_max_plays_it_with_both_players_uphill(method: Method) -> None:
    """From (1, 0), one step of 1 by hand, at a Dirac's generator."""
    theta, psi = (torch.tensor([x], requires_grad=True) for x in (1.0, 0.0))
    payoffs = Adversarial(lambda z: z + theta, lambda x: (x * psi).sum(-1))
    zero = torch.zeros(1, 1)
    played = MinMax([SGD([theta], lr=1.0), SGD([psi], lr=1.0)], method)
    told = played.step(lambda: payoffs(zero, zero))
    assert [round(float(each), 4) for each in told] == [-0.6931, -1.3863]
    assert (theta.item(), psi.item()) == (1.0, -0.5)


NOISE = torch.zeros(3, 2)


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        (lambda: generator_payoff(NOISE[0], "wasserstein"),  # type: ignore[arg-type]
         ValueError, "form must be one of non-saturating, minimax; got 'wasserstein'"),
        (lambda: generator_payoff(torch.zeros(0)), ValueError, "got shape (0,)"),
        (lambda: generator_payoff(torch.tensor(1.0)), ValueError, "got shape ()"),
        (lambda: generator_payoff(torch.ones(3, dtype=torch.long)),
         TypeError, "fake must be a tensor of real floating-point numbers"),
        (lambda: discriminator_payoff([0.0], NOISE[0]),  # type: ignore[arg-type]
         TypeError, "real must be a tensor of real floating-point numbers, got [0.0]"),
        (lambda: discriminator_payoff(torch.zeros(2, 3), torch.zeros(3)),
         ValueError, "got shapes (2, 3) and (3,)"),
        (lambda: Adversarial(None, torch.sum),  # type: ignore[arg-type]
         TypeError, "generator must be a function or a module, got None"),
        (lambda: Adversarial(torch.tanh, 1.0),  # type: ignore[arg-type]
         TypeError, "discriminator must be a function or a module, got 1.0"),
        (lambda: Adversarial(torch.tanh, torch.sum, "max"),  # type: ignore[arg-type]
         ValueError, "Adversarial: form must be one of"),
        (lambda: Adversarial(torch.tanh, torch.sum, penalty=-1.0),
         ValueError, "penalty must lie in [0, inf), got -1.0"),
        (lambda: Adversarial(torch.tanh, torch.sum, penalty=math.nan),
         ValueError, "penalty must lie in [0, inf), got nan"),
        (lambda: Adversarial(torch.tanh, torch.sum, penalty="1"),  # type: ignore[arg-type]
         TypeError, "penalty must be a real number, got '1'"),
        (lambda: Adversarial(torch.tanh, lambda x: x[..., :1])(NOISE, NOISE),
         ValueError, "a logit for each sample, shape (3,), got (3, 1)"),
        (lambda: Adversarial(torch.tanh, lambda x: None)(NOISE, NOISE),  # type: ignore[arg-type, return-value]
         ValueError, "shape (3,), got None"),
        (lambda: Adversarial(torch.tanh, lambda x: x.sum(-1))(NOISE, NOISE[0]),
         ValueError, "shape (..., n, d), got (2,)"),
    ],
)  # fmt: skip
def test_bad_input_is_told(wrong: Any, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as told:
        wrong()
    assert said in str(told.value)
