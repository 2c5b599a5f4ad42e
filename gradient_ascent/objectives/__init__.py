"""What is maximized: log-likelihoods, payoffs and other objectives."""

from gradient_ascent.objectives.adversarial import (
    Adversarial,
    discriminator_payoff,
    generator_payoff,
)
from gradient_ascent.objectives.bandit import Bandit
from gradient_ascent.objectives.cartpole import CartPole
from gradient_ascent.objectives.cournot import Cournot
from gradient_ascent.objectives.emissions import categorical, gaussian, poisson
from gradient_ascent.objectives.hidden_markov import HiddenMarkov, Smoothed
from gradient_ascent.objectives.infomax import Infomax, amari_distance, unmix
from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.matrix_game import MatrixGame
from gradient_ascent.objectives.mixture import GaussianMixture
from gradient_ascent.objectives.policy import (
    Environment,
    Episodes,
    advantage,
    play,
    reward_to_go,
    surrogate,
    whole_return,
)
from gradient_ascent.objectives.rayleigh import Eigenpairs, Rayleigh
from gradient_ascent.objectives.sparse import (
    Dictionary,
    Reconstruction,
    encode,
    learn_dictionary,
)
from gradient_ascent.objectives.variance import Variance
from gradient_ascent.objectives.whitening import Whitened, whiten

__all__ = [
    "Adversarial",
    "Bandit",
    "CartPole",
    "Cournot",
    "Dictionary",
    "Eigenpairs",
    "Environment",
    "Episodes",
    "GaussianMixture",
    "HiddenMarkov",
    "Infomax",
    "LogLikelihood",
    "MatrixGame",
    "Rayleigh",
    "Reconstruction",
    "Smoothed",
    "Variance",
    "Whitened",
    "advantage",
    "amari_distance",
    "categorical",
    "discriminator_payoff",
    "encode",
    "gaussian",
    "generator_payoff",
    "learn_dictionary",
    "play",
    "poisson",
    "reward_to_go",
    "surrogate",
    "unmix",
    "whiten",
    "whole_return",
]
