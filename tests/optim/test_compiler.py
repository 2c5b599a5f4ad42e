"""Where kernels are compiled and kept, and what moves without them."""

import logging
import os
import stat
from pathlib import Path
from typing import Any

import pytest
import torch

from gradient_ascent import optim
from gradient_ascent.optim import compiler, known, program
from tests.optim.cases import (
    CASES,
    DEFAULTS,
    FEATURES,
    Case,
    climb,
    gap,
    named,
    parameters,
)
from tests.optim.test_direction import assert_same_bits, ends
from tests.optim.test_engines import operations


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has compiled no rule yet; where it keeps its kernels."""
    known._kernel()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    forget(monkeypatch)
    return tmp_path / "gradient_ascent" / "kernels"


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "_loaded", {})
    for each in (compiler.folder, compiler._version, program._tell):
        each.cache_clear()


def test_a_kernel_is_compiled_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    climb(optim.Adam(parameters()), 2)
    (kept,) = home.iterdir()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    forget(monkeypatch)  # as in the next process

    def compile_(*_: Any) -> None:
        raise AssertionError("it is there already")

    monkeypatch.setattr(compiler, "_compile", compile_)
    climb(optim.Adam(parameters()), 2)
    assert [*home.iterdir()] == [kept]


@pytest.mark.parametrize("what", ["processor", "compiler", "flags"])
def test_another_machine_has_its_own(
    home: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """One home may be shared by machines that cannot run each other's code."""
    climb(optim.Adam(parameters()), 1)
    forget(monkeypatch)
    if what == "processor":
        monkeypatch.setattr(compiler, "features", lambda: "another")
    elif what == "compiler":
        monkeypatch.setattr(compiler, "_version", lambda: "cc 99")
    else:
        monkeypatch.setattr(compiler, "FLAGS", f"{compiler.FLAGS} -g")
    climb(optim.Adam(parameters()), 1)
    assert len([*home.iterdir()]) == 2


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_where_others_can_write_nothing_is_kept(
    home: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    home.mkdir(parents=True)
    home.chmod(mode)
    x, y = parameters(), parameters()
    with caplog.at_level(logging.INFO):
        climb(optim.Adam(x), 2)
    climb(optim.Adam(y, foreach=False), 2)
    assert gap(x, y) <= 1e-15
    assert not [*home.iterdir()]
    assert [r.message for r in caplog.records] == [
        f"kernels are not kept: others can write in {home}, or this user cannot"
    ]
    assert compiler.folder().stat().st_uid == os.getuid()
    assert stat.S_IMODE(compiler.folder().stat().st_mode) == 0o700


def test_a_home_that_cannot_be_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gradient_ascent").write_text("a file, where a folder should be")
    climb(optim.Adam(x := parameters()), 2)
    climb(optim.Adam(y := parameters(), foreach=False), 2)
    assert gap(x, y) <= 1e-15


@pytest.mark.parametrize("what", ["spoiled", "cut", "empty"])
def test_a_kernel_that_is_no_library(
    home: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """It is compiled anew; one that was cut would end the process."""
    climb(optim.Adam(parameters()), 1)
    (kept,) = home.iterdir()
    forget(monkeypatch)
    whole = kept.read_bytes()
    wrong = {"spoiled": b"x" * len(whole), "cut": whole[:4096], "empty": b""}
    # A library is known by its place once it has been loaded.
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "other"))
    found = home / "other" / "gradient_ascent" / "kernels" / kept.name
    for folder in reversed([found.parent, *found.parents[1:3]]):
        folder.mkdir(mode=0o700)
    found.write_bytes(wrong[what])
    climb(optim.Adam(x := parameters()), 2)
    climb(optim.Adam(y := parameters(), foreach=False), 2)
    assert gap(x, y) <= 1e-15
    assert found.read_bytes()[:4] == whole[:4]


def test_a_folder_that_others_can_replace(home: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    climb(optim.Adam(parameters()), 1)
    assert not [*home.iterdir()]


def test_a_link_to_another_folder(home: Path, tmp_path: Path) -> None:
    home.parent.mkdir()
    home.symlink_to(elsewhere := tmp_path / "elsewhere")
    elsewhere.mkdir(mode=0o700)
    climb(optim.Adam(parameters()), 1)
    assert not [*elsewhere.iterdir()]


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    climb(optim.Adam(x := parameters()), 2)
    climb(optim.Adam(y := parameters(), foreach=False), 2)
    assert gap(x, y) <= 1e-15


@pytest.mark.parametrize(
    "compiler", ["false", "no-such-compiler", "cc --no-such-option", "cc '", "true"]
)
def test_a_compiler_that_fails(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    compiler: str,
) -> None:
    monkeypatch.setenv("CC", compiler)
    x, y = parameters(), parameters()
    with caplog.at_level(logging.INFO):
        climb(optim.Adam(x), 3)
    climb(optim.Adam(y, foreach=False), 3)
    assert gap(x, y) <= 1e-14
    (said,) = [r.message for r in caplog.records]
    assert said.startswith("torch's own kernels move what ours cannot: ")
    assert not [*home.iterdir()] if home.exists() else True


def test_a_compiler_that_hangs(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hanging = tmp_path / "a compiler"
    hanging.write_text("#!/bin/sh\nexec sleep 1000\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("CC", f"'{hanging}'")
    monkeypatch.setattr(compiler, "PATIENCE", 0.2)
    climb(optim.Adam(x := parameters()), 3)
    climb(optim.Adam(y := parameters(), foreach=False), 3)
    assert gap(x, y) <= 1e-14


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_torchs_own_take_over(
    case: Case, no_compiler: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        called = operations(case, [(3,)] * 20)
        fused = operations(case, [(3,)] * 20, fused=True)
    mark = "_fused" if case.ours.has_kernel else "_foreach"
    assert called == fused
    assert any(name.startswith(mark) for name in called)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("case", named(CASES + FEATURES))
def test_the_direction_without_a_compiler(case: Case, no_compiler: None) -> None:
    assert_same_bits(*ends(case, {}, torch.float32))


@pytest.mark.parametrize("case", named(CASES))
def test_the_path_without_a_compiler(case: Case, no_compiler: None) -> None:
    shapes = [(3,), (4, 5), (), (2, 0), (9,)]
    ours, torchs = parameters(shapes=shapes), parameters(shapes=shapes)
    climb(case.make(ours), 20)
    climb(case.torchs(torchs, foreach=False), 20)
    full = [(a, b) for a, b in zip(ours, torchs) if a.numel()]
    assert gap([a for a, _ in full], [b for _, b in full]) <= 1e-12
