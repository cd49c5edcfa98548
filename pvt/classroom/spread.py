"""Sentences that differ only in their figures become one sentence with the spread of each figure.

"a switch took 1.1 µs" and "a switch took 795 ns" become "a switch took 948 ns (795 ns to 1.1 µs)".
"""

import re
import statistics
from collections import Counter, defaultdict

SCALES = {
    "time": {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0},
    "size": {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30},
}
SORT = {unit: sort for sort, scale in SCALES.items() for unit in scale}
FIGURE = re.compile(rf"(?<![\w.,-])(\d[\d,]*(?:\.\d+)?)(?: ?({'|'.join(SORT)})(?!\w))?(?![\w])")


def commonest(texts):
    """(the commonest sentence with the spread of its figures, how many texts say it); ("", 0)
    for no text."""
    if not texts:
        return "", 0
    kinds = defaultdict(list)
    for text in texts:
        kinds[skeleton(text)].append(text)
    kind, alike = max(kinds.items(), key=lambda pair: len(pair[1]))
    return joined(kind, alike), len(alike)


def skeleton(text):
    """A sentence without its figures, but with what sort they are of."""
    return FIGURE.sub(lambda found: f"\0{SORT.get(found[2], '')}\0", text)


def joined(kind, alike):
    """The sentence with the median of each figure, and its smallest and largest where they
    differ."""
    columns = zip(
        *([found.groups() for found in FIGURE.finditer(text)] for text in alike), strict=True
    )
    parts = re.split("\0(?:time|size|)\0", kind)
    figures = [spread(column) for column in columns]
    return "".join(part + figure for part, figure in zip(parts, [*figures, ""], strict=True))


def spread(column):
    """The figures of one place: one if all are alike, else median (smallest to largest)."""
    (written, unit), alike = Counter(column).most_common(1)[0]
    if alike == len(column):
        return f"{written} {unit}" if unit else written
    values = [float(number.replace(",", "")) * scale(unit) for number, unit in column]
    sort = SORT.get(unit)
    ends = f"{spoken(min(values), sort)} to {spoken(max(values), sort)}"
    return f"{spoken(statistics.median(values), sort)} ({ends})"


def scale(unit):
    return SCALES[SORT[unit]][unit] if unit else 1.0


def spoken(value, sort=None):
    """A value with three digits, in the unit that suits it."""
    unit, size = "", 1.0
    if sort:
        units = SCALES[sort].items()
        unit, size = next(((u, s) for u, s in reversed(units) if value >= s), next(iter(units)))
    number = value / size
    digits = f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"
    return f"{digits} {unit}".rstrip()
