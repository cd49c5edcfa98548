"""How often does each claim say what? `python tests/bench/verdicts.py 50 crash idle --python 3.12`
decides 50 times.

Every round decides each claim once, so what is compared is interleaved. Run it alone, under
`taskset -c 0` and beside other work: a verdict may become "not decided" there, but never turn.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from pvt import ledger


def table(times=3, names=(), python=None):
    """Decide these claims so often, all claims by default, and print what was said; unusual
    answers with a reason."""
    pairs, begin = ledger.find(names), time.perf_counter()
    text, why = defaultdict(Counter), {}
    for _ in range(times):
        for entry in ledger.decided(pairs, python):
            text[entry.id][entry.value] += 1
            why[entry.id, entry.value] = entry.because
    print(
        f"{times} rounds in {time.perf_counter() - begin:.0f} s; Python"
        f" {python or sys.version.split()[0]}"
    )
    for claim, answers in text.items():
        print(
            f"{claim:32}", ", ".join(f"{value} {count}" for value, count in answers.most_common())
        )
        for value, _ in answers.most_common()[1:]:
            print(f"    {value}: {why[claim, value]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("times", type=int)
    parser.add_argument("names", nargs="*", help="claims or experiments; all by default")
    parser.add_argument("--python")
    table(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
