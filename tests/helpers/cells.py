"""Notebooks as nbval executes them, each once and as if every Run were pressed; and what their
cells must show.

A plugin for pytest: see `tests/conftest.py`.
"""

import re

import left
import pytest

VERDICTS = ("holds", "fails", "not decided")


def is_cell(item):
    """Whether a test is the cell of a notebook."""
    return type(item).__name__ == "IPyNbCell"


def pytest_itemcollected(item):
    """A cell has more time than a test."""
    if is_cell(item):
        item.add_marker(pytest.mark.timeout(300))
        item.add_marker(pytest.mark.filterwarnings("default"))  # those of the Jupyter stack


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    if not is_cell(item):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PVT_AUTORUN", "1")  # before the first cell, the kernel is started here
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    if is_cell(item):
        check(item.cell.source, item.test_outputs)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    result = yield
    if is_cell(item) and (nextitem is None or nextitem.parent is not item.parent):
        left.assert_gone()  # the kernel has ended, and all that its labs have started
    return result


def check(source, outputs):
    """Assert that an executed cell shows what the house wants: pictures of labs with their text,
    and verdicts."""
    shown = [output.get("data", {}).get("text/html", "") for output in outputs]
    assert not any(output.get("name") == "stderr" for output in outputs), source
    if re.search(r"^\s*pvt\.(lab|watch)\(", source, re.MULTILINE):
        assert any('role="img"' in html or "<img " in html for html in shown), source
    if "pvt.verdict(" in source:
        assert any(value in html for html in shown for value in VERDICTS), source
    if "pvt.challenge(" in source:
        assert any("trials passed" in html for html in shown), source
    for picture in re.findall("<img [^>]*>", "".join(shown)):
        assert re.search(r'alt="[^"]+[.…]"', picture), source
    for picture in re.findall("<svg [^>]*>", "".join(shown)):
        assert re.search(r'role="img" aria-label="[^"]+[.…]"', picture), source
