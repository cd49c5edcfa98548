"""The terminal: rows, verdicts, JSON lines, exit codes, and errors in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pvt import course

ROOT = Path(__file__).parent.parent


def pvt(*words):
    return subprocess.run(
        [sys.executable, "-m", "pvt", *words], capture_output=True, text=True, cwd=ROOT, timeout=60
    )


def test_without_a_word_it_lists_the_experiments():
    answer = pvt()
    assert answer.returncode == 0
    assert [line.split()[0] for line in answer.stdout.splitlines()] == course.names()


def test_files_beside_a_program_are_not_taken_for_modules_of_python(tmp_path):
    for name in ("queue", "subprocess", "json", "psutil"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('this is another one')")
    (tmp_path / "mine.py").write_text("print('mine')\n")
    words = [sys.executable, "-m", "pvt", "search", "mine.py"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    answer = subprocess.run(
        words, capture_output=True, text=True, cwd=tmp_path, timeout=60, env=env
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "the only schedule" in answer.stdout.lower()


def test_a_run_prints_its_sentence_and_ending():
    answer = pvt("race", "--workers", "2", "--lock")
    assert answer.returncode == 0
    assert "2 threads, with a lock" in answer.stdout
    assert "finished after" in answer.stdout


def test_json_is_one_object_a_line():
    lines = [
        json.loads(line) for line in pvt("race", "--workers", "1", "--json").stdout.splitlines()
    ]
    assert [*lines[0]] == ["facts"]
    assert all([*line] == ["row"] for line in lines[1:-1])
    assert [*lines[-1]] == ["ending", "seconds"]
    assert lines[-1]["ending"] == "finished"


def test_facts_as_json():
    assert json.loads(pvt("facts", "--json").stdout)["cores"] >= 1


def test_a_run_that_does_not_finish_is_1():
    answer = pvt("lock", "--seconds", "0.2")
    assert answer.returncode == 1
    assert "time limit after" in answer.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rase"], "pvt: there is no experiment 'rase'; did you mean 'race'?"),
        (["race", "--workers", "99"], "pvt: workers=99 is not possible for 'race'"),
        (["race", "--workers", "x"], "pvt race: argument --workers: invalid int value: 'x'"),
        (["race", "--wrk", "1"], "pvt race: unrecognized arguments: --wrk 1"),
        (
            ["verdicts", "race", "--html", "/no/such/folder/x.html"],
            "pvt: /no/such/folder/x.html cannot be written",
        ),
        (["compare", "README.md", "README.md"], "pvt: README.md holds no verdicts"),
        (["compare", "none.html", "README.md"], "pvt: none.html cannot be read"),
        (["verdicts", "race.x"], "pvt: there is no claim or experiment 'race.x'"),
        (["race", "--python", "2.7"], "pvt: python='2.7' is not a Python 3.11 or newer"),
    ],
)
def test_usage_errors_are_one_line_and_2(words, expected):
    answer = pvt(*words)
    assert answer.returncode == 2
    assert answer.stderr.startswith(expected)
    assert answer.stderr.count("\n") == 1
