"""Round a float32 to a bfloat16 up or down by chance, so that its mean is kept.

A bfloat16 is the upper half of a float32. The lower half, as a whole number r
below 2^16, says how far a number lies on the way to its next neighbour away
from zero. Add a random whole number below 2^16 and cut the lower half off: it
carries with probability r / 2^16, so the expectation is the number itself.

The random numbers are a hash of where the element stands, and of a key that
counts the steps: the same key rounds alike, on any number of cores, in C and in
torch. Only the magnitude is looked at, so the mirrored number goes the mirrored
way.

Source: Connolly, Higham, Mary (2021) for the rounding; Salmon et al. (2011) for
    random numbers that are a function of a count; the hash is Wellons's (2018).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

WORD = 2**32 - 1

C = """\
static inline uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352dU;
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return x ^ (x >> 16);
}
static inline uint32_t stream_of(uint32_t low, uint32_t high, uint32_t tensor,
                                 uint32_t field) {
  return mix(mix(mix(mix(low) ^ high) ^ tensor) ^ field);
}
static inline uint16_t by_chance(float x, uint32_t stream, int64_t i) {
  union { float value; uint32_t bits; } u = {x};
  uint16_t rounded = (u.bits + (mix(mix((uint32_t) i) ^ stream) >> 16)) >> 16;
  return x != x ? 0x7fc0 : rounded;
}
"""
"""The same in C."""


def mix(x: Any) -> Any:
    """A hash of whole numbers below 2^32; different ones stay different.

    Args:
        x: a whole number, or a tensor of int64.
    """
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & WORD
    x = ((x ^ (x >> 15)) * 0x846CA68B) & WORD
    return x ^ (x >> 16)


def halves(key: int) -> tuple[int, int]:
    """A key as two whole numbers below 2^32."""
    return key & WORD, key >> 32 & WORD


def stream_of(key: int, tensor: int, field: int) -> int:
    """What the random numbers of a tensor's state at a step begin from.

    Args:
        key: of the step.
        tensor: its number among those that move together.
        field: the number of the state tensor among the parameter's.
    """
    low, high = halves(key)
    stream: int = mix(mix(mix(mix(low) ^ high) ^ tensor) ^ field)
    return stream


def by_chance(x: Tensor, stream: int) -> Tensor:
    """Round up or down, with the number itself for expectation.

    Beyond the largest bfloat16, 3.4e38, the neighbour is infinity, and so is
    the expectation. What is not finite stays so.

    Args:
        x: float32 of any shape.
        stream: see `stream_of`.

    Returns:
        A bfloat16 for each element, the same for the same stream.
    """
    # In the order of memory, in which a kernel goes.
    strides = x.stride()
    order = sorted(range(x.dim()), key=lambda d: (-strides[d], d))
    lies = x.permute(order).contiguous()
    place = torch.arange(x.numel(), device=x.device).reshape(lies.shape)
    chance = (mix(mix(place & WORD) ^ stream) >> 16).int()
    carried = (lies.view(torch.int32) + chance) & ~0xFFFF
    rounded = torch.where(lies.isfinite(), carried.view(torch.float32), lies)
    back = [order.index(d) for d in range(x.dim())]
    return rounded.permute(back).bfloat16()
