"""What is maximized: log-likelihoods, payoffs and other objectives."""

from gradient_ascent.objectives.cournot import Cournot
from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.matrix_game import MatrixGame

__all__ = ["Cournot", "LogLikelihood", "MatrixGame"]
