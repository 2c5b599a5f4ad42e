"""`import gradient_ascent` is light: its names load when they are first used."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize("name", ["optim", "maximize", "GradientAscent"])
def test_what_needs_torch_says_how_to_get_it(name: str) -> None:
    check_in_a_new_process(
        "import sys\n"
        "sys.modules['torch'] = None\n"
        "try:\n"
        f"    from gradient_ascent import {name}\n"
        "except ImportError as error:\n"
        f"    assert 'gradient_ascent.{name} needs torch' in str(error), error\n"
        "    assert 'pip install \"gradient-ascent-book[torch]\"' in str(error)\n"
        "else:\n"
        "    raise AssertionError\n"
    )


@pytest.mark.parametrize("name", [*gradient_ascent.__all__, "plots"])
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


def test_everything_is_imported_at_once_without_matplotlib() -> None:
    check_in_a_new_process(
        "import sys\n"
        "sys.modules['matplotlib'] = None  # makes `import matplotlib` raise\n"
        "from gradient_ascent import *\n"
        "assert maximize(lambda x: -x * x, 1.0, lr=0.1).success"
    )


def test_a_picture_without_matplotlib_says_how_to_get_it() -> None:
    check_in_a_new_process(
        "import sys\n"
        "sys.modules['matplotlib'] = None\n"
        "from gradient_ascent import maximize\n"
        "result = maximize(lambda x: -x * x, 1.0, steps=3)\n"
        "try:\n"
        "    result.plot()\n"
        "except ImportError as error:\n"
        "    assert 'pip install \"gradient-ascent-book[plots]\"' in str(error)\n"
        "else:\n"
        "    raise AssertionError('it has drawn')"
    )


def test_a_type_checker_sees_what_is_loaded() -> None:
    """The imports that are for it alone are those that a name's first use does."""
    source = Path(gradient_ascent.__file__).read_text(encoding="utf-8")
    (block,) = (x for x in ast.parse(source).body if isinstance(x, ast.If))
    imports = [x for x in block.body if isinstance(x, ast.ImportFrom)]
    assert len(imports) == len(block.body)
    seen = {name.name: each.module for each in imports for name in each.names}
    assert seen == {
        **dict.fromkeys(gradient_ascent._MODULES, "gradient_ascent"),
        **{
            name: f"gradient_ascent.{home}"
            for name, home in gradient_ascent._HOME.items()
        },
    }
    assert seen.keys() == {*gradient_ascent.__all__, "plots"}


USER = """
from gradient_ascent import GradientAscent, maximize, run, uphill
import torch

x = torch.zeros(2, requires_grad=True)
best = maximize(lambda p: -p.square().sum(), x, steps="many")
best.valeu
run("adam", "parabola", steps=3).objektive
GradientAscent([x], momentun=0.5)
uphill(torch.optim.SGD([x])).stepp()
"""
SEEN = {
    6: ["arg-type"],
    7: ["attr-defined"],
    8: ["attr-defined"],
    9: ["call-arg"],
    10: ["attr-defined"],
}


@pytest.mark.slow
def test_mypy_sees_through_the_names(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER)
    done = subprocess.run(  # where `make lint` has left what it knows of torch
        [sys.executable, "-m", "mypy", str(tmp_path / "user.py")],
        cwd=Path(gradient_ascent.__file__).parents[1],
        env={"MYPYPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
    )
    found: dict[int, list[str]] = {}
    for line in done.stdout.splitlines():
        if ": error:" in line:
            number, code = line.split(":")[1], line.rsplit("[", 1)[1].rstrip("]")
            found.setdefault(int(number), []).append(code)
    assert found == SEEN, done.stdout


def imported_with(tmp_path: Path, folder: str, program: str) -> str:
    """What Python says where the package is installed beside a folder."""
    installed = Path(gradient_ascent.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(installed, tmp_path / "gradient_ascent", ignore=ignored)
    (tmp_path / folder).mkdir()
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_distribution_of_the_same_import_name_is_told_of(tmp_path: Path) -> None:
    said = imported_with(
        tmp_path, "gradient_ascent-0.0.2.dist-info", "import gradient_ascent"
    )
    assert said.count("UserWarning") == 1
    assert "gradient-ascent 0.0.2 is another distribution" in said
    assert "pip uninstall gradient-ascent" in said


def test_it_is_told_of_where_it_has_overwritten_ours(tmp_path: Path) -> None:
    said = imported_with(
        tmp_path,
        "gradient_ascent-0.0.2.dist-info",
        "open('gradient_ascent/__init__.py', 'w').close()\n"
        "from gradient_ascent.optim import Adam",
    )
    assert said.count("gradient-ascent 0.0.2 is another distribution") == 1


def test_our_own_is_not_told_of(tmp_path: Path) -> None:
    own = "gradient_ascent_book-0.1.0.dist-info"
    assert imported_with(tmp_path, own, "import gradient_ascent") == ""
