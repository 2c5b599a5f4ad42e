"""What is maximized: log-likelihoods, expected rewards and other objectives."""

from gradient_ascent.objectives.bandit import Bandit
from gradient_ascent.objectives.cartpole import CartPole
from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.policy import (
    Episodes,
    advantage,
    play,
    reward_to_go,
    surrogate,
    whole_return,
)

__all__ = [
    "Bandit",
    "CartPole",
    "Episodes",
    "LogLikelihood",
    "advantage",
    "play",
    "reward_to_go",
    "surrogate",
    "whole_return",
]
