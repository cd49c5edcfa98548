"""Otter-grader grades an exercise both ways. It is not installed with the course: pip install
otter-grader."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

pytest.importorskip("otter", reason="needs otter-grader")
RIGHT = """def attack(account, times):
    for _ in range(times):
        account.write(account.read() + 1)
"""
WRONG = """def attack(account, times):
    account.write(0)
"""
TEST = """OK_FORMAT = True
test = {
    "name": "race_break",
    "points": 1,
    "suites": [{
        "cases": [{"code": ">>> import pvt\\n>>> pvt.check('race_break', attack).passed\\nTrue"}],
        "scored": True, "setup": "", "teardown": "", "type": "doctest",
    }],
}
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("answer", "points"), [(RIGHT, 1.0), (WRONG, 0.0)])
def test_otter_grades_an_exercise(tmp_path, answer, points):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "race_break.py").write_text(TEST)
    (tmp_path / "otter_config.json").write_text('{"pdf": false}')
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(answer)])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, tmp_path / "answer.ipynb")
    env = os.environ | {"PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}
    otter = shutil.which("otter", path=env["PATH"])
    for words in (
        ["generate", "-t", "tests", "-o", "grader.zip"],
        ["run", "-a", "grader.zip", "answer.ipynb"],
    ):
        done = subprocess.run(
            [otter, *words], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=250
        )
        assert done.returncode == 0, done.stderr
    fields = json.loads((tmp_path / "results.json").read_text())
    assert sum(test.get("score") or 0 for test in fields["tests"]) == points
