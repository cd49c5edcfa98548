"""The Pythons that the stepper's tests run under, and how to ask one of them.

The one that runs the tests gets every case, the others a few of each kind; in `make soak` all get
all."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from pvt import host

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
HERE = "{}.{}".format(*sys.version_info)
ROOT = Path(__file__).resolve().parents[2]
FAR = Path(__file__).with_name("far.py")


@cache
def pythons():
    """Version → interpreter: this one, and the others found here, those without a GIL left out."""
    others = {
        version: path for path, version in host.pythons().items() if not version.endswith("t")
    }
    return {".".join(version.split(".")[:2]): path for version, path in others.items()} | {
        HERE: sys.executable
    }


def some(version, cases, few):
    """All cases for this Python, the first few for others; all for all where PVT_EVERY_CASE is
    set."""
    return cases if version == HERE or os.environ.get("PVT_EVERY_CASE") else cases[:few]


def each_python(cases, few):
    """(version, case) for every Python: all cases for this one, the first few for others."""
    return [(version, case) for version in VERSIONS for case in some(version, list(cases), few)]


def python(version):
    """The interpreter of that version, or skip."""
    if version not in pythons():
        pytest.skip(f"no Python {version} here: name one in PVT_PYTHONS to test it")
    return pythons()[version]


def ask(version, question, timeout=120, **given):
    """The answers of one question, asked under one Python."""
    done = subprocess.run(
        [python(version), str(FAR), question],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
