"""What the build makes for the live parts: archive, data, and directive."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gradient_ascent import lab, run
from gradient_ascent.landscapes import LANDSCAPES
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb import lab_data, live, offline, pages, stdlib, trace_lab
from bookweb.figures import light

BODY = """
landscape: bowl
start: [-5, -2]
steps: 60
runs:
  plain: {lr: 0.4}
  momentum: {lr: 0.1, momentum: 0.8}
presets:
  diverges: {plain: {lr: 0.6}, steps: 30}
caption: A race.
"""


def test_the_archive_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("1.zip", "2.zip"):
        live.archive(tmp_path / name)
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_the_archive_has_no_copies_that_jupyter_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a file in Jupyter leaves `.ipynb_checkpoints` beside it."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(
        ROOT / "gradient_ascent", tmp_path / "gradient_ascent", ignore=ignored
    )
    copy = tmp_path / "gradient_ascent/rules/.ipynb_checkpoints/adam-checkpoint.py"
    copy.parent.mkdir()
    copy.write_text("an older text")
    monkeypatch.setattr(live, "ROOT", tmp_path)
    monkeypatch.setattr(live, "WEB", tmp_path / "web")
    (tmp_path / "web" / "live").mkdir(parents=True)
    (tmp_path / "web" / "live" / "bridge.py").touch()
    live.archive(tmp_path / "python.zip")
    names = zipfile.ZipFile(tmp_path / "python.zip").namelist()
    assert "gradient_ascent/rules/adam.py" in names
    assert not [name for name in names if "checkpoint" in name]


def test_the_archive_runs_by_itself(tmp_path: Path) -> None:
    """Unpacked elsewhere, without any installed package, it does the runs of a lab."""
    live.archive(tmp_path / "python.zip")
    with zipfile.ZipFile(tmp_path / "python.zip") as book:
        book.extractall(tmp_path)
        assert not any(name.endswith("plots.py") for name in book.namelist())
    spec = trace_lab.specification(trace_lab.read(BODY))
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import bridge;"
        f"print(bridge.call('gradient_ascent.lab', 'results', {json.dumps(spec)!r}))"
    )
    command = [sys.executable, "-S", "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["value"] == json.loads(json.dumps(lab.results(spec)))


def test_the_bridge_spells_what_json_lacks_and_reports_errors() -> None:
    sys.path.insert(0, str(ROOT / "web" / "live"))
    from bridge import call

    assert json.loads(call("math", "exp", "-1e9")) == {"value": 0.0}
    assert json.loads(call("gradient_ascent.ops", "exp", "1e9")) == {"value": "inf"}
    assert json.loads(call("gradient_ascent.ops", "log", "-1")) == {"value": "nan"}
    answer = json.loads(call("math", "sqrt", '"two"'))
    assert answer["kind"] == "TypeError"
    assert "must be real number" in answer["error"]
    assert "Traceback" in answer["traceback"]
    assert json.loads(call("sys", "exit", '"bye"'))["kind"] == "SystemExit"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what labs know."""
    folder = tmp_path_factory.mktemp("known")
    lab_data.write(folder)
    return folder


@pytest.fixture(scope="module")
def figure(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A run on a landscape as a figure draws it."""
    file = tmp_path_factory.mktemp("figure") / f"{request.param}.svg"
    trace_lab.draw([run("plain", request.param, steps=3)], file)
    return file


@pytest.mark.parametrize("figure", LANDSCAPES, indirect=True)
def test_what_lies_under_a_live_lab_is_the_picture_of_its_figure(
    figure: Path, known: Path
) -> None:
    """Same size, levels, axes and ticks; it lacks the runs and the optima alone."""
    width, height = landscape(known, figure.stem)["size"]
    drawn = []
    for file in (known / figure.name, figure):
        text = light(file.read_text())
        assert f'viewBox="0 0 {width:g} {height:g}"' in text
        drawn.append(set(re.findall(r' d="([^"]*)"', text)))
    assert len(drawn[0]) > 20
    assert drawn[0] < drawn[1]


def landscape(known: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((known / "lab.json").read_text())["landscapes"][name])


@pytest.mark.parametrize("figure", ["bowl", "ravine", "parabola"], indirect=True)
def test_a_point_is_placed_on_the_picture_where_the_figure_has_it(
    figure: Path, known: Path
) -> None:
    """The optimum's mark stands in the middle of these landscapes' first axis."""
    here = landscape(known, figure.stem)
    places = re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', figure.read_text())
    frame, (xs, ys) = here["frame"], here["domain"]
    for x, y in zip(here["optima"], here["heights"]):
        up = x[1] if here["dimension"] == 2 else y
        across = frame["left"] + frame["width"] * (x[0] - xs[0]) / (xs[1] - xs[0])
        down = frame["top"] + frame["height"] * (ys[1] - up) / (ys[1] - ys[0])
        assert (across, down) == pytest.approx([*map(float, places[-1])], abs=0.01)


def test_a_mark_has_matplotlibs_outline() -> None:
    assert lab_data.outline("s") == "M-0.5 0.5L0.5 0.5L0.5 -0.5L-0.5 -0.5Z"
    star = re.findall(r"(-?[\d.e-]+) (-?[\d.e-]+)", lab_data.outline("*"))
    tip = min(star, key=lambda point: float(point[1]))
    assert [float(x) for x in tip] == pytest.approx([0, -0.5], abs=1e-6)


def test_the_library_is_whole_and_what_starts_is_compiled(tmp_path: Path) -> None:
    live.archive(tmp_path / "python.zip")
    made = zipfile.ZipFile(stdlib.library(tmp_path / "python.zip")).namelist()
    sources = zipfile.ZipFile(stdlib.SOURCES).namelist()
    assert [re.sub(r"\.pyc$", ".py", name) for name in made] == sources
    compiled = {name for name in made if name.endswith(".pyc")}
    assert {"os.pyc", "re/__init__.pyc", "json/decoder.pyc"} < compiled
    assert not {"turtle.pyc", "smtplib.pyc"} & compiled


def test_what_labs_know_is_the_same_each_time(known: Path, tmp_path: Path) -> None:
    lab_data.write(tmp_path)
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == sorted(["lab.json", *(f"{name}.svg" for name in LANDSCAPES)])
    for file in files:
        assert (tmp_path / file).read_bytes() == (known / file).read_bytes()


def test_a_preset_changes_what_it_names() -> None:
    given = trace_lab.read(BODY)
    spec = trace_lab.specification(given)
    changed = trace_lab.changed(spec, given["presets"]["diverges"])
    assert changed["steps"] == 30
    assert [run["hyperparameters"] for run in changed["runs"]] == [
        {"lr": 0.6},
        {"lr": 0.1, "momentum": 0.8},
    ]
    assert spec["steps"] == 60
    runs = {"adam": {"lr": 1}, "momentum": {"lr": 2}}
    changed = trace_lab.changed(spec, {"runs": runs, "adam": {"beta1": 0}})
    assert changed["runs"] == [
        {"rule": "adam", "hyperparameters": {"lr": 1, "beta1": 0}},
        {"rule": "momentum", "hyperparameters": {"lr": 2}},
    ]
    with pytest.raises(ValueError, match="changes what the lab has not: adam"):
        trace_lab.changed(spec, {"adam": {"lr": 1}})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("steps: 3", "lacks landscape, runs, caption"),
        (BODY + "colour: red", "got colour"),
        ("a lab", "must be a YAML mapping"),
    ],
)
def test_a_wrong_lab_is_refused(wrong: str, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        trace_lab.read(wrong)


def test_the_alternative_text_says_what_is_seen() -> None:
    traces = lab.traces(trace_lab.specification(trace_lab.read(BODY)))
    assert trace_lab.alternative(traces) == (
        "Level lines of bowl with the paths of 2 runs from (-5, -2). plain: objective "
        "0.0001128 after 60 steps; momentum: objective 1.277e−05 after 60 steps."
    )


def test_the_picture_is_the_same_each_time(tmp_path: Path) -> None:
    spec: dict[str, Any] = trace_lab.specification(trace_lab.read(BODY))
    for name in ("1.svg", "2.svg"):
        trace_lab.draw(lab.traces(spec), tmp_path / name)
    first, second = (tmp_path / name for name in ("1.svg", "2.svg"))
    assert first.read_bytes() == second.read_bytes()
    assert b"<svg" in first.read_bytes()


@pytest.mark.browser
def test_the_worker_knows_where_what_it_may_keep_lies(html: Path) -> None:
    """The folders stand in its own text as well: it must know them at once."""
    worker = (ROOT / "web" / "service-worker.js").read_text(encoding="utf-8")
    named = re.search(r"const NAMED = /(.*)/;", worker)
    assert named
    where = re.compile(named[1].replace("\\/", "/"))
    paths = json.loads((html / "_static" / offline.MANIFEST).read_text())
    for folder in offline.FOLDERS:
        assert any(path.startswith(f"_static/{folder}/") for path in paths)
    assert all(where.match(path) for path in paths)
    for other in ("book.css", "maths/katex.css", "fonts/x.woff2"):
        assert not where.match(f"_static/{other}")


@pytest.mark.browser
def test_every_module_ends_as_servers_know_scripts_to(html: Path) -> None:
    """Many call `.mjs` something else; python.mjs is there for those who import it."""
    modules = [file.name for file in (html / "_static").rglob("*.mjs")]
    assert modules == ["python.mjs"]
    for name in ("pyodide.js", "pyodide.asm.js"):
        text = (html / "_static" / "pyodide" / name).read_text(encoding="utf-8")
        assert "pyodide.asm.mjs" not in text


@pytest.mark.browser
def test_a_page_loads_the_modules_that_it_needs_and_no_other(html: Path) -> None:
    for page in (html / "chapters").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        needed = {name for name, mark in pages.WHERE.items() if mark in text}
        loaded = set(re.findall(r"_static/(live/\w+\.js)\?", text))
        assert loaded == needed | {"live/progress.js"}, page
