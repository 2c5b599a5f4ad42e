"""Where exercises are found, and what a file must look like."""

from pathlib import Path

import pytest

from gradient_ascent.exercises import catalogue, load, names

ROOT = Path(__file__).resolve().parents[2]
GOOD = '''"""Title.

Statement.
"""


def f():
    # solution: begin
    return 1
    # solution: end


# check
CHAPTER = "part/chapter"
KIND, LEVEL = "what-if", 2
HINT = "Count."


def check(solved):
    yield
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one exercise, where the book's is looked for."""
    (tmp_path / "momentum.py").write_text(GOOD)
    monkeypatch.setattr(catalogue, "_BESIDE", tmp_path)
    monkeypatch.setattr(catalogue, "load", catalogue.load.__wrapped__)
    return tmp_path


def test_all_files_of_the_folder_are_exercises() -> None:
    assert names() == sorted(file.stem for file in (ROOT / "exercises").glob("*.py"))
    assert len(names()) >= 10


def test_a_file_is_taken_apart(folder: Path) -> None:
    exercise = catalogue.load("momentum")
    assert (exercise.title, exercise.statement) == ("Title", "Statement.")
    assert exercise.chapter == "part/chapter"
    assert (exercise.kind, exercise.level, exercise.hint) == ("what-if", 2, "Count.")
    assert exercise.solution == "def f():\n    return 1\n"
    assert exercise.stub == "def f():\n    ...  # TODO: a line will do\n"
    assert exercise.file.startswith('"""Title.\n\nStatement.\n"""\n')


def test_the_version_changes_with_the_stub_alone(folder: Path) -> None:
    before = catalogue.load("momentum").version
    (folder / "momentum.py").write_text(GOOD.replace("return 1", "return 2"))
    assert catalogue.load("momentum").version == before
    (folder / "momentum.py").write_text(GOOD.replace("f()", "g()"))
    assert catalogue.load("momentum").version != before


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("\n# check\n", "\n", "one line '# check'"),
        ("# solution: begin", "#", "must mark its solution"),
        ('"what-if"', '"guess"', "KIND is 'guess', not one of predict,"),
        ('"what-if", 2', '"what-if", 4', "LEVEL is 4, not one of 1, 2, 3"),
    ],
)
def test_a_file_without_its_marks_is_refused(
    folder: Path, right: str, wrong: str, complaint: str
) -> None:
    (folder / "momentum.py").write_text(GOOD.replace(right, wrong))
    with pytest.raises(SyntaxError, match=complaint):
        catalogue.load("momentum")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        ValueError, match="no exercise 'momentun'; did you mean momentum"
    ):
        load("momentun")
    with pytest.raises(
        ValueError, match="no exercise '???'; known: adagrad, adam".replace("?", r"\?")
    ):
        load("???")


def test_a_wheel_brings_them_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_BESIDE", tmp_path / "nowhere")
    monkeypatch.setattr(catalogue, "_INSTALLED", ROOT / "exercises")
    assert "momentum" in names()


def test_no_exercises_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_BESIDE", tmp_path)
    monkeypatch.setattr(catalogue, "_INSTALLED", tmp_path)
    with pytest.raises(FileNotFoundError, match="the exercises are not here"):
        names()
