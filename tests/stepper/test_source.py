"""The text of a program from whatever it was given as."""

import pytest

from pvt.stepper.puzzles import load
from pvt.stepper.source import source_of


class Counter:
    """A program written as a class."""

    def setup():
        return {"n": 0}

    @staticmethod
    def add(shared):
        shared["n"] += 1

    THREADS = [add, add]  # noqa: RUF012

    def safe(shared):
        return shared["n"] == 2


def test_a_class_becomes_a_module():
    from pvt.stepper.program import Program

    source = source_of(Counter)
    assert "\ndef setup():" in source and "\n@staticmethod\ndef add" in source
    assert not Program(source).ordinary


def test_text_path_and_module(tmp_path):
    text = load("lost_update").broken
    file = tmp_path / "mine.py"
    file.write_text(text, encoding="utf-8")
    assert source_of(text) == source_of(file) == source_of(str(file)) == text
    assert "def test_text_path_and_module" in source_of(__import__(__name__))


def test_a_class_from_a_notebook_cell():
    import linecache

    text = "class Cell:\n    THREADS = [1]\n\n    def setup():\n        return 1\n"
    linecache.cache["<cell>"] = (len(text), None, text.splitlines(keepends=True), "<cell>")
    space = {"__name__": "cell"}
    exec(compile(text, "<cell>", "exec"), space)
    __import__("sys").modules["cell"] = type("Module", (), {"__file__": "<cell>"})
    try:
        assert source_of(space["Cell"]) == "THREADS = [1]\n\ndef setup():\n    return 1\n"
    finally:
        del __import__("sys").modules["cell"]


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        (7, TypeError, "program 7 is of type int: give a module, a class, a path"),
        ("no/such/file.py", ValueError, "'no/such/file.py' cannot be read"),
        (type("Made", (), {}), ValueError, "'Made' has no source text"),
    ],
)
def test_other_things_are_refused(given, error, sentence):
    with pytest.raises(error) as caught:
        source_of(given)
    assert sentence in str(caught.value)


def test_a_notebook_is_no_program(tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text('{"cells": []}')
    with pytest.raises(ValueError, match="is a notebook: save its cells as a Python file"):
        source_of(path)
