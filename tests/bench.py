"""`make bench`: every figure that is promised, measured here. `python tests/bench.py race` prints one table."""

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(words):
    sys.path.insert(0, str(FOLDER.parent))
    names = words or sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    for name in names:
        module = importlib.import_module(f"tests.bench_{name}")
        print(f"\n{module.__doc__.strip()}\n", flush=True)
        module.table()


if __name__ == "__main__":
    main(sys.argv[1:])
