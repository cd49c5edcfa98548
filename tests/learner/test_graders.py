"""Otter-grader and nbgrader grade an exercise both ways.

They are not installed with the course: pip install otter-grader nbgrader.
"""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]
RIGHT = """def attack(account, times):
    for _ in range(times):
        account.write(account.read() + 1)
"""
WRONG = """def attack(account, times):
    account.write(0)
"""
OTTER = """OK_FORMAT = True
test = {
    "name": "race_break",
    "points": 1,
    "suites": [{
        "cases": [{"code": ">>> import pvt\\n>>> pvt.check('race_break', attack).passed\\nTrue"}],
        "scored": True, "setup": "", "teardown": "", "type": "doctest",
    }],
}
"""
CHECK = """import pvt

answer = pvt.check("race_break", attack)
assert answer.passed, answer.because"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture
def command(tmp_path, monkeypatch):
    """A function that runs a command of this Python's environment in the test's folder."""
    folder = os.path.dirname(sys.executable)
    monkeypatch.setenv("PATH", folder + os.pathsep + os.environ["PATH"])
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))

    def ran(name, *words):
        found = shutil.which(name, path=folder)
        if found is None:
            pytest.skip(f"needs {name}")
        done = subprocess.run(
            [found, *words], cwd=tmp_path, capture_output=True, text=True, timeout=250
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ran


def written(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells), metadata=KERNEL), path)


@pytest.mark.parametrize(("answer", "points"), [(RIGHT, 1.0), (WRONG, 0.0)])
def test_otter_grades_an_exercise(tmp_path, command, answer, points):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "race_break.py").write_text(OTTER)
    (tmp_path / "otter_config.json").write_text('{"pdf": false}')
    written(tmp_path / "answer.ipynb", new_code_cell(answer))
    command("otter", "generate", "-t", "tests", "-o", "grader.zip")
    command("otter", "run", "-a", "grader.zip", "answer.ipynb")
    told = json.loads((tmp_path / "results.json").read_text())
    assert sum(test.get("score") or 0 for test in told["tests"]) == points


def part(name, source, **kind):
    """A cell that nbgrader knows."""
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return new_code_cell(source, metadata={"nbgrader": usual | {"grade_id": name} | kind})


def test_nbgrader_grades_an_exercise_and_its_feedback_says_why(tmp_path, command):
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(tmp_path)!r}\n"
    )
    asked = "def attack(account, times):\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION"
    task = part("race_break", asked, solution=True)
    test = part("race_break_test", CHECK, grade=True, locked=True, points=1)
    written(tmp_path / "source/one/race.ipynb", task, test)
    command("nbgrader", "generate_assignment", "one")
    released = nbformat.read(tmp_path / "release/one/race.ipynb", as_version=4)
    assert "raise NotImplementedError" in released.cells[0].source
    for who, answer in (("ann", RIGHT), ("ben", WRONG)):
        released.cells[0].source = answer
        written(tmp_path / f"submitted/{who}/one/race.ipynb", *released.cells)
    command("nbgrader", "autograde", "one")
    command("nbgrader", "generate_feedback", "one")
    command("nbgrader", "export")
    grades = (tmp_path / "grades.csv").read_text().splitlines()
    column = grades[0].split(",").index("score")
    assert [float(line.split(",")[column]) for line in grades[1:]] == [1.0, 0.0]
    why = "4 writes were made, 20,000 expected"
    assert why in (tmp_path / "feedback/ben/one/race.html").read_text()
    assert why not in (tmp_path / "feedback/ann/one/race.html").read_text()
