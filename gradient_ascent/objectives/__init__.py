"""What is maximized: log-likelihoods, payoffs and other objectives."""

from gradient_ascent.objectives.cournot import Cournot
from gradient_ascent.objectives.emissions import categorical, gaussian, poisson
from gradient_ascent.objectives.hidden_markov import HiddenMarkov
from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.matrix_game import MatrixGame
from gradient_ascent.objectives.mixture import GaussianMixture

__all__ = [
    "Cournot",
    "GaussianMixture",
    "HiddenMarkov",
    "LogLikelihood",
    "MatrixGame",
    "categorical",
    "gaussian",
    "poisson",
]
