"""What is maximized: log-likelihoods and other objectives, from data."""

from gradient_ascent.objectives.infomax import Infomax, amari_distance, unmix
from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.variance import Variance
from gradient_ascent.objectives.whitening import Whitened, whiten

__all__ = [
    "Infomax",
    "LogLikelihood",
    "Variance",
    "Whitened",
    "amari_distance",
    "unmix",
    "whiten",
]
