"""Use all of the package's standard-library half where nothing else can be imported.

`test_stdlib_only.py` runs this file with `python -S -I`, in a process of its own.
Modules named on the command line are imported first, to see whether the block holds.
"""

import sys
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import walk_packages

ALLOWED = {*sys.stdlib_module_names, "__main__", "gradient_ascent"}


class OnlyTheStandardLibrary:
    """An import hook that refuses every module from elsewhere."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Leave an allowed module to the next hook."""
        if name.partition(".")[0] not in ALLOWED:
            raise ImportError(f"{name} is not in the standard library")


sys.meta_path.insert(0, OnlyTheStandardLibrary())
sys.path.insert(0, str(Path(__file__).parents[1]))


def import_all() -> None:
    """Import every module of the half, those in its folders included."""
    for name in (
        "ops",
        "arguments",
        "rules",
        "minitorch",
        "landscapes",
        "quasi_random",
        "told",
        "trace",
        "comparison",
        "conventions",
        "lab",
        "diagrams",
        "exercises",
        "sound",
    ):
        module = import_module(f"gradient_ascent.{name}")
        for found in walk_packages(
            getattr(module, "__path__", ()), module.__name__ + "."
        ):
            import_module(found.name)


def use_ops() -> None:
    """Call every operation."""
    from gradient_ascent import ops

    assert ops.sqrt(9.0) == 3
    assert ops.exp(0.0) == ops.cos(0.0) == 1
    assert ops.log(1.0) == ops.sin(0.0) == 0
    assert ops.sign(-2.0) == -1
    assert ops.clip(5.0, 0, 1) == ops.maximum(0.0, 1.0) == 1


def use_rules() -> None:
    """Run every rule on every landscape; a trace checks the rule's arguments, too."""
    from gradient_ascent.landscapes import LANDSCAPES
    from gradient_ascent.rules import RULES, MomentumState, decayed, lookahead
    from gradient_ascent.trace import run

    for rule, landscape in product(RULES, LANDSCAPES):
        trace = run(rule, landscape, steps=5, lr=1e-3)
        assert len(trace) == 5, trace
    assert decayed(1.0, 2.0, weight_decay=0.25) == 0.5
    assert lookahead(MomentumState(2.0), lr=0.5, momentum=0.5) == 0.5


def use_minitorch() -> None:
    """Take every operation of Mini-Torch, and step with every optimizer of it."""
    from gradient_ascent import minitorch

    for name in set(minitorch.__all__) - {"Tensor", "Optimizer"}:
        x = minitorch.Tensor(1.5)
        optimizer = getattr(minitorch, name)([x], eta=0.01, maximize=False)
        optimizer.zero_grad()
        waves = x.sin() + x.cos() + x.tanh() + x.relu()
        powers = x.exp() - x.log() * x.sqrt() / 2 + 2**x
        (waves + powers + x**2).backward()
        optimizer.step()
        assert x.value != 1.5, name


def use_comparison() -> None:
    """Race two rules, test their scores, and look for a case where a claim fails."""
    from gradient_ascent import comparison
    from gradient_ascent.trace import run

    def heights(rule: str) -> object:
        def go(starts: list[tuple[float, ...]], lr: float) -> list[tuple[float, ...]]:
            traces = [run(rule, "bowl", each, lr=lr, steps=9) for each in starts]
            return [(-min(t.objective), -t.objective[-1]) for t in traces]

        return go, [{"lr": 0.1}, {"lr": 0.3}]

    tuning, starts = (comparison.draw_starts([(1, 5)] * 2, 30, seed=s) for s in (0, 1))
    methods = {rule: heights(rule) for rule in ("plain", "adam")}
    best = comparison.race(methods, tuning=tuning, starts=starts).best
    paired = comparison.sign_test(best["plain"].scores, best["adam"].scores)
    low, high = comparison.clopper_pearson(paired.wins, 30)
    assert low < paired.wins / 30 < high
    assert comparison.sweep(lambda x, p: x + p > 0, x=(1, 2), p=(0, 1)) == 4


def use_diagrams() -> None:
    """Draw every diagram, and what it is drawn on."""
    from gradient_ascent.diagrams import DIAGRAMS, drawn

    for name, diagram in DIAGRAMS.items():
        drawing = drawn({"diagram": name, "values": {}})
        assert drawing["layers"].keys() == diagram.panels().keys(), name


for argument in sys.argv[1:]:
    import_module(argument)
import_all()
use_ops()
use_rules()
use_minitorch()
use_comparison()
use_diagrams()
foreign = {name.partition(".")[0] for name in sys.modules} - ALLOWED
assert not foreign, f"imported from elsewhere: {sorted(foreign)}"
print("used it all")
