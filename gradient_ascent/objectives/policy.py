"""The expected return of a policy, climbed by what its episodes tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import torch
from torch import Tensor

Policy: TypeAlias = Callable[[Tensor], Tensor]
"""From what is seen, shape (..., d), to the actions' logits, shape (..., k)."""


class Environment(Protocol):
    """What `play` plays: many episodes at once, each a row of its tensors."""

    @property
    def limit(self) -> int:
        """After how many steps an episode is cut off."""

    def start(
        self, shape: tuple[int, ...], generator: torch.Generator
    ) -> Tensor:
        """First states, of shape `(*shape, n)`."""

    def seen(self, state: Tensor) -> Tensor:
        """What the policy sees of states."""

    def step(
        self, state: Tensor, action: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The next states, the rewards, and whether the episodes are over."""


@dataclass(frozen=True)
class Episodes:
    """Episodes side by side, time first; T is the length of the longest.

    Attributes:
        seen: what the policy saw, shape (T, ..., d).
        actions: what it did, whole numbers of shape (T, ...).
        rewards: what it got, shape (T, ...); zero after an episode's end.
        running: whether the step was taken, shape (T, ...).
        truncated: whether the limit ended the episode, shape (...); else it was
            over by itself.

    Raises:
        ValueError: shapes that do not fit.
    """

    seen: Tensor
    actions: Tensor
    rewards: Tensor
    running: Tensor
    truncated: Tensor

    def __post_init__(self) -> None:
        shape = self.actions.shape
        fits = self.seen.shape[:-1] == self.rewards.shape == shape
        fits = fits and self.running.shape == shape and len(shape) > 1
        if not fits or self.truncated.shape != shape[1:]:
            got = ", ".join(
                f"{n} {tuple(x.shape)}" for n, x in vars(self).items()
            )
            raise ValueError(
                "Episodes: shapes must be (T, ..., d) of seen, (...) of "
                f"truncated and (T, ...) of all else, got {got}"
            )

    @property
    def returns(self) -> Tensor:
        """The sum of each episode's rewards, shape (...)."""
        return self.rewards.sum(0)

    @property
    def lengths(self) -> Tensor:
        """How many steps each took, shape (...)."""
        return self.running.sum(0)


@torch.no_grad()
def play(
    environment: Environment,
    policy: Policy,
    shape: tuple[int, ...],
    generator: torch.Generator,
) -> Episodes:
    """Play episodes, all at once, until the last one is over.

    Args:
        environment: what is played.
        policy: from what is seen to logits.
        shape: of the episodes: (..., N).
        generator: of the first states and of the actions.
    """
    state = environment.start(shape, generator)
    running = torch.ones(shape, dtype=torch.bool)
    taken = []
    for _ in range(environment.limit):
        seen = environment.seen(state)
        action = draw(policy(seen), generator)
        after, reward, over = environment.step(state, action)
        taken.append((seen, action, reward.where(running, 0.0), running))
        running = running & ~over
        if not running.any():
            break
        state = after.where(running[..., None], state)  # what is over stays
    seen, actions, rewards, steps = (torch.stack(each) for each in zip(*taken))
    return Episodes(seen, actions, rewards, steps, truncated=running)


def draw(logits: Tensor, generator: torch.Generator) -> Tensor:
    """Draw an action for each row of logits, (..., k): whole numbers, (...)."""
    # Along the first dimension torch's softmax is faster where k is small.
    below = logits.movedim(-1, 0).softmax(0).cumsum(0)[:-1]
    u = torch.rand(below.shape[1:], dtype=below.dtype, generator=generator)
    return (u >= below).sum(0)


def whole_return(episodes: Episodes) -> Tensor:
    """Weigh each step with its episode's return, shape (T, ...)."""
    return episodes.returns.expand(episodes.rewards.shape)


def reward_to_go(episodes: Episodes) -> Tensor:
    r"""Weigh each step with what came from then on, shape (T, ...).

    .. math:: G_t = r_t + r_{t+1} + \dots + r_T
    """
    return episodes.rewards.flip(0).cumsum(0).flip(0)


def advantage(episodes: Episodes) -> Tensor:
    r"""Weigh each step with its reward to go above that of the others.

    .. math:: G_{i,t} - \frac{1}{n_t - 1} \sum_{j \ne i} G_{j,t}

    over the :math:`n_t` of the N episodes, along the last dimension, that are
    running at that step. The baseline of an episode does not depend on that
    episode, so the gradient keeps its mean. Where no other is running, it is
    zero.

    Source: Kool, van Hoof and Welling (2019).
    """
    to_go, running = reward_to_go(episodes), episodes.running
    to_go = to_go.where(running, 0.0)
    others = running.sum(-1, keepdim=True) - 1
    total = to_go.sum(-1, keepdim=True)
    return to_go - (total - to_go) / others.clamp(min=1)


def surrogate(policy: Policy, episodes: Episodes, weights: Tensor) -> Tensor:
    r"""A function to climb: its gradient estimates that of the expected return.

    .. math:: \frac1N \sum_{i=1}^N \sum_t w_{i,t} \log \pi(a_{i,t} \mid s_{i,t})

    Its value means nothing. Play anew after each step.

    Args:
        policy: as it was when it played.
        episodes: what it played, of shape (T, ..., N).
        weights: w, shape (T, ..., N), as `whole_return`, `reward_to_go` and
            `advantage` make them; taken as constants. What is not running does
            not count.

    Returns:
        Shape (...): a number for each batch of N episodes.

    Raises:
        ValueError: weights of another shape.

    Source: Williams (1992), whose REINFORCE this is.
    """
    if weights.shape != episodes.actions.shape:
        raise ValueError(
            "surrogate: weights must have the shape "
            f"{tuple(episodes.actions.shape)} of the actions, "
            f"got {tuple(weights.shape)}"
        )
    logs = policy(episodes.seen).movedim(-1, 0).log_softmax(0)
    logs = logs.gather(0, episodes.actions[None])[0]
    weighed = (weights.detach() * logs).where(episodes.running, 0.0)
    return weighed.sum(0).mean(-1)
