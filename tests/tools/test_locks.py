"""The locks name everything, and what is installed is what they name."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tools.conftest import ROOT
from tools import lock

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked() -> list[Requirement]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


def test_the_lock_pins_every_requirement_of_the_project() -> None:
    pinned = locked()
    assert all(re.fullmatch(r"==[\w.+!]+", str(pin.specifier)) for pin in pinned)
    extras = PROJECT["optional-dependencies"].values()
    for requirement in map(Requirement, chain(PROJECT["dependencies"], *extras)):
        pins = [p for p in pinned if canonicalize_name(p.name) == requirement.name]
        assert pins, f"{requirement.name} is not in requirements.lock: run `make lock`"
        for pin in pins:
            assert requirement.specifier.contains(str(pin.specifier).lstrip("="))


def test_the_installed_versions_are_the_locked_ones() -> None:
    here = [pin for pin in locked() if pin.marker is None or pin.marker.evaluate()]
    wrong = [str(pin) for pin in here if not pin.specifier.contains(version(pin.name))]
    assert wrong == []


def test_binder_takes_its_versions_from_the_lock() -> None:
    lines = (ROOT / ".binder" / "requirements.txt").read_text().splitlines()
    assert "--constraint ../requirements.lock" in lines
    names = {line for line in lines if not line.startswith(("#", "--"))}
    assert names - {"jupyterlab"} <= {
        pin.name for pin in locked()
    }  # it is Binder's own
    runtime = (ROOT / ".binder" / "runtime.txt").read_text().strip()
    python = Requirement(f"python{PROJECT['requires-python']}").specifier
    assert python.contains(runtime.removeprefix("python-"))


def test_what_only_gpus_need_stays_out_of_the_lock() -> None:
    resolved = "tqdm==1\ntorch==2.13.0\ntriton==3\nnvidia-nccl-cu13==2\ncuda-x==1\n"
    assert lock.FOR_GPUS.sub("", resolved) == "tqdm==1\ntriton==3\n"
