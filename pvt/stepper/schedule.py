"""A schedule as it is written down: worker numbers, long stretches of one worker as "0*1000".

A schedule counts accesses that are known to be shared.  Any process learns most of them by itself;
those that only the search has met stand in front, as "+name,name"."""

from itertools import groupby

LONG, STRETCH = 300, 12
MOST = 100_000


def written(numbers, extra=()):
    """A schedule as a list for JSON."""
    made = ["+" + ",".join(extra)] if extra else []
    if len(numbers) <= LONG:
        return made + list(numbers)
    for number, group in groupby(numbers):
        times = sum(1 for _ in group)
        made += [f"{number}*{times}"] if times >= STRETCH else [number] * times
    return made


def read(schedule):
    """Numbers and extra names of a schedule.  Raises ValueError for what is none."""
    numbers, extra = [], []
    for one in schedule:
        if isinstance(one, str) and one.startswith("+"):
            extra += one[1:].split(",")
        elif isinstance(one, str):
            number, _, times = one.partition("*")
            numbers += [int(number)] * int(times or 1)
        elif type(one) is int:
            numbers.append(one)
        else:
            raise ValueError(one)
    if any(not 0 <= number < MOST for number in numbers):
        raise ValueError(numbers)
    return numbers, extra


def length(schedule):
    """The number of steps of a schedule as it is written down."""
    return len(read(schedule)[0])
