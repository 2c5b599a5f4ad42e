"""What is maximized: log-likelihoods and other objectives, from data."""

from gradient_ascent.objectives.adversarial import (
    Adversarial,
    discriminator_payoff,
    generator_payoff,
)
from gradient_ascent.objectives.likelihood import LogLikelihood

__all__ = [
    "Adversarial",
    "LogLikelihood",
    "discriminator_payoff",
    "generator_payoff",
]
