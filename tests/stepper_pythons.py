"""The Pythons that the stepper's tests run under, and how to ask one of them."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
ROOT = Path(__file__).resolve().parent.parent
FAR = Path(__file__).with_name("stepper_far.py")


@cache
def pythons():
    """Version → interpreter: this one, those named in PVT_PYTHONS, those on the PATH."""
    named = os.environ.get("PVT_PYTHONS", "").split(os.pathsep)
    candidates = [sys.executable, *filter(None, named), *(shutil.which(f"python{version}") for version in VERSIONS)]
    found = {}
    for candidate in filter(None, candidates):
        if version := version_of(candidate):
            found.setdefault(version, candidate)
    return found


def version_of(python):
    """ "3.12", or None if it does not answer."""
    try:
        said = subprocess.run([python, "-V"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ".".join(said.split()[1].split(".")[:2]) if said.startswith("Python ") else None


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
