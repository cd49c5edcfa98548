"""What chapter 01 says of immortal objects: using them writes nothing, from Python 3.12 on (PEP
683)."""

import subprocess

from pvt import runner

COUNTS = """
import sys
def added(one):
    before = sys.getrefcount(one)
    kept = [one] * 1_000
    return sys.getrefcount(one) - before
print(sys.version_info >= (3, 12), added(None), added(True), added(object()))
"""


def test_only_the_count_of_ordinary_objects_changes(python):
    found = subprocess.run(
        [runner.interpreter(python), "-c", COUNTS], capture_output=True, text=True, check=True
    )
    immortal, *counts = found.stdout.split()
    assert counts == (["0", "0", "1000"] if immortal == "True" else ["1000", "1000", "1000"])
