"""What is maximized: log-likelihoods and other objectives, from data."""

from gradient_ascent.objectives.emissions import categorical, gaussian, poisson
from gradient_ascent.objectives.hidden_markov import HiddenMarkov
from gradient_ascent.objectives.likelihood import LogLikelihood

__all__ = [
    "HiddenMarkov",
    "LogLikelihood",
    "categorical",
    "gaussian",
    "poisson",
]
