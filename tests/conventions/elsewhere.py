"""Take steps by optax, or by Keras, in a process of its own, and print them.

Given on standard input: a list of cases as JSON, each with what is called, its
arguments, the gradients, and the start. Both libraries minimize and work in float64.
"""

import json
import os
import sys
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_ENABLE_X64", "1")


def by_optax(case: dict[str, Any]) -> list[float]:
    """The parameter after each step of a gradient transformation."""
    import jax
    import jax.numpy as jnp
    import optax

    made = getattr(optax, case["call"])(**case["arguments"])
    theta = jnp.asarray(case["start"], dtype=jnp.float64)
    update, state, visited = jax.jit(made.update), made.init(theta), []
    for gradient in case["downhill"]:
        step, state = update(jnp.asarray(gradient, jnp.float64), state, theta)
        theta = optax.apply_updates(theta, step)
        visited.append(float(theta))
    return visited


def by_keras(case: dict[str, Any]) -> list[float]:
    """The variable after each step of an optimizer."""
    import keras

    keras.config.set_floatx("float64")
    made = getattr(keras.optimizers, case["call"])(**case["arguments"])
    theta = keras.Variable(case["start"], dtype="float64")
    visited = []
    for gradient in case["downhill"]:
        made.apply([keras.ops.convert_to_tensor(gradient, "float64")], [theta])
        visited.append(float(theta.numpy()))
    return visited


if __name__ == "__main__":
    import inspect
    from importlib import import_module
    from importlib.metadata import version

    by = {"optax": by_optax, "keras": by_keras}[sys.argv[1]]
    given = json.load(sys.stdin)
    visited = [by(case) for case in given["cases"]]
    module = import_module({"keras": "keras.optimizers"}.get(sys.argv[1], sys.argv[1]))
    defaults = {
        call: {
            name: each.default
            for name, each in inspect.signature(
                getattr(module, call)
            ).parameters.items()
            if each.default is None or isinstance(each.default, bool | int | float)
        }
        for call in given["calls"]
    }
    told = {"version": version(sys.argv[1]), "visited": visited, "defaults": defaults}
    print(json.dumps(told))
