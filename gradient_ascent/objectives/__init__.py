"""What is maximized: log-likelihoods and other objectives, from data."""

from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.rayleigh import Eigenpairs, Rayleigh

__all__ = ["Eigenpairs", "LogLikelihood", "Rayleigh"]
