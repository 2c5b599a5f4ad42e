"""`import gradient_ascent` is light: its names load when they are first used."""

import subprocess
import sys

import pytest

import gradient_ascent


def check_in_a_new_process(program: str) -> None:
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_import_brings_neither_torch_nor_numpy_nor_matplotlib() -> None:
    check_in_a_new_process(
        "import gradient_ascent, sys\n"
        "assert not {'torch', 'numpy', 'matplotlib'} & set(sys.modules)"
    )


def test_the_import_works_where_torch_is_blocked() -> None:
    check_in_a_new_process(
        "import sys\n"
        "sys.modules['torch'] = None  # makes `import torch` raise\n"
        "from gradient_ascent import run\n"
        "assert run('adam', 'parabola', steps=3).ended == 'steps'"
    )


@pytest.mark.parametrize("name", gradient_ascent.__all__)
def test_every_public_name_loads_and_is_listed(name: str) -> None:
    assert getattr(gradient_ascent, name) is not None
    assert name in dir(gradient_ascent)


def test_dir_names_nothing_twice() -> None:
    listed = dir(gradient_ascent)
    assert len(listed) == len(set(listed))


def test_the_short_names_are_the_modules_own() -> None:
    from gradient_ascent.landscapes import Landscape
    from gradient_ascent.trace import Trace, run

    assert gradient_ascent.run is run
    assert gradient_ascent.Trace is Trace
    assert gradient_ascent.Landscape is Landscape


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'descent'"):
        gradient_ascent.descent  # noqa: B018


def test_it_ships_its_type_hints() -> None:
    from importlib.resources import files

    assert files("gradient_ascent").joinpath("py.typed").is_file()
