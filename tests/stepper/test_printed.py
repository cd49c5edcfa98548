"""Texts that are long: a difference in them is found wherever it stands, and shown."""

import random
import sys
from queue import SimpleQueue
from threading import Timer
from types import SimpleNamespace

import pytest

import pvt
from pvt.stepper import telling, watchdog
from pvt.stepper.printed import BEGIN, END, Printed

RACE = """\
import threading
count = 0
def add(_):
    global count
    seen = count
    count = seen + 1
threads = [threading.Thread(target=add, args=(n,)) for n in (1, 2)]
for one in threads: one.start()
for one in threads: one.join()
for n in range(1_500): print('line', n, '.' * {dots})
print(count)
{after}
"""


def printed(pieces):
    found = Printed()
    for piece in pieces:
        found.add(piece)
    return found.text()


def test_what_is_short_is_kept_whole():
    assert printed([]) == "" and printed(["a", "", "b\n"]) == "ab\n"
    whole = "x" * (BEGIN + END)
    assert printed([whole]) == whole


def test_of_a_long_text_begin_and_end_are_kept_and_the_rest_is_counted():
    long = "".join(map(str, range(100_000)))
    text = printed([long])
    assert text.startswith(long[:BEGIN]) and text.endswith(long[-END:])
    assert f"… {len(long) - BEGIN - END:,} characters, not kept" in text


def test_it_does_not_matter_in_which_pieces_a_text_comes():
    long, chosen = "".join(map(str, range(20_000))), random.Random(1)
    cuts = sorted(chosen.sample(range(len(long)), 500))
    pieces = [long[a:b] for a, b in zip([0, *cuts], [*cuts, len(long)], strict=True)]
    assert printed(pieces) == printed([long]) == printed(long)


def test_one_other_character_makes_another_text():
    long = "x" * 50_000
    others = {printed([long[:at] + "y" + long[at + 1 :]]) for at in range(0, 50_000, 777)}
    assert len(others) == len(range(0, 50_000, 777))


@pytest.mark.parametrize(
    ("dots", "after"),
    [(1, ""), (60, ""), (60, "for n in range(1_500): print('line', n, '.' * 60)")],
)
def test_a_difference_after_many_lines_is_found_and_shown(dots, after):
    found = pvt.search(RACE.format(dots=dots, after=after), preemptions=1, seconds=60)
    assert len(found.outputs) == 2 and not found.bad, found
    assert "depends on who comes first" in found.because
    text = telling.as_text(found)
    assert text.count("≠") == 2 and text.count("lines before") == 2, text
    assert after or ("≠ 1\n" in text and "≠ 2\n" in text), text


def test_long_lines_are_shown_where_they_differ():
    one, other = "a" * 500 + "1" + "b" * 500, "a" * 500 + "2" + "b" * 500
    ((line, differs),) = telling.excerpt(one, other)
    assert differs and "1" in line and len(line) < 210
    assert line.startswith("…") and line.endswith("…")


@pytest.mark.parametrize(("playing", "rows"), [(True, 1), (False, 0)])
def test_a_search_that_works_on_what_it_has_seen_is_no_program_that_hangs(playing, rows):
    queue, pulse = SimpleQueue(), watchdog.Pulse()
    pulse.player = SimpleNamespace(runs=1, playing=playing)
    late = Timer(0.8, queue.put, [watchdog.DONE])
    late.start()
    found = list(watchdog._until_done(pulse, queue, 0.2, (sys.stdout, sys.stderr)))
    late.join()
    assert [ending for ending, _ in found] == ["hung"] * rows
