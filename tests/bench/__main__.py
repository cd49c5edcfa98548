"""`make bench`: every figure that is promised, measured here. `python -m tests.bench race`
prints one table."""

import importlib
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(words):
    os.environ["PVT_RECORD"] = "off"  # what is measured here was done by no learner
    sys.path.insert(0, str(FOLDER.parents[1]))
    names = words or sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    for name in names:
        module = importlib.import_module(f"tests.bench.{name}")
        print(f"\n{module.__doc__.strip()}\n", flush=True)
        module.table()


if __name__ == "__main__":
    main(sys.argv[1:])
