"""What several tests share: the Pythons of this machine, a look for processes that were left,
who runs beside whom."""

import os
import shutil
import sys
import tempfile

import cells
import left
import pytest

from pvt import runner

os.environ["PVT_RECORD"] = "off"  # no test writes into the record of whoever runs it
VERSIONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.fixture(params=VERSIONS)
def every_python(request):
    """A version of Python that is on this machine; the test is skipped for those that are not."""
    if request.param == "{}.{}".format(*sys.version_info):
        return None
    try:
        runner.interpreter(request.param)
    except ValueError:
        pytest.skip(f"Python {request.param} is not on this machine")
    return request.param


@pytest.fixture
def python(every_python):
    """The same; the tests of chapters take two of them only: see `course/conftest.py`."""
    return every_python


@pytest.fixture
def record(tmp_path, monkeypatch):
    """The path of a learner's record that is this test's own; nothing is in it yet."""
    path = tmp_path / "record" / "record.jsonl"
    monkeypatch.setenv("PVT_RECORD", str(path))
    return path


@pytest.fixture
def nothing_left():
    """Fails the test if, a second after it, a process of it lives."""
    before = left.below()
    yield
    left.assert_gone(before)


def pytest_configure(config):
    config.pluginmanager.register(cells)  # a plugin, for the notebooks do not lie in this folder
    config.pvt_folder = tempfile.tempdir = tempfile.mkdtemp(
        prefix="t"
    )  # its own: tests beside this one look for what is left, too


def pytest_unconfigure(config):
    tempfile.tempdir = None
    shutil.rmtree(config.pvt_folder, ignore_errors=True)  # and no other, whoever has set tempdir


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Which tests go to one worker together: see `together`."""
    import together

    return together.Scheduling(config, log)
