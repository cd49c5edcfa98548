"""What a switch costs, decided here as a learner would; and every check with made-up rows."""

import re

import pytest
from deciding import measured

import pvt
from pvt import host, runner, timing
from pvt.claims import Rows
from pvt.course.switch import pingpong, switch, switch_memory, twin
from pvt.tools import compiler

MISSING = host.lacking(switch.NEEDS)


def test_switch_process_1_10us(python):
    assert MISSING or "process" in measured("switch.process-1-10us", python).because


def test_switch_thread_ns(python):
    assert MISSING or "thread" in measured("switch.thread-ns", python).because


def test_switch_thread_5x(python):
    assert MISSING or re.search(
        "process / thread is|did not count", measured("switch.thread-5x", python).because
    )


def test_switch_saves_memory(python):
    assert MISSING or re.search(
        "one copy of|did not count|memory", measured("switch.saves-memory", python).because
    )


def test_switch_cores(python):
    entry = measured("switch.cores", python)
    assert MISSING or host.cores() > 1 or entry.because.startswith("one core")


@pytest.mark.skipif(MISSING is not None, reason="needs Linux")
def test_without_a_compiler_pythons_figures_remain(monkeypatch):
    rows = pvt.run("switch", c_twin=False, rounds=4).rows
    assert {row["language"] for row in rows} == {"Python"}
    monkeypatch.setattr(compiler, "COMPILERS", ("no-such-compiler",))
    assert twin.compiled(".") == (None, "no C compiler was found here")
    for row in rows:
        row["without_c"] = "no C compiler was found here"
    assert switch.sentence(rows).endswith("No figures in C: no C compiler was found here.")


@pytest.mark.skipif(MISSING is not None, reason="needs Linux")
def test_the_kernel_counts_one_switch_for_each_hand_over():
    core, _ = pingpong.cores(0, "together")
    try:
        for worker in pingpong.STARTS:
            found = [pingpong.measured(worker, core, core, 400) for _ in range(5)]
            counts = [
                row["voluntary"] + row["involuntary"] for row in found if row["switch"] is not None
            ]
            assert any(380 <= count <= 440 for count in counts)
    finally:
        timing.pin(*pingpong.ALLOWED)  # the tests after this one may use all cores again


def test_a_time_without_switches_is_not_the_time_of_a_switch():
    assert pingpong.figures(10_000, 2e-7, 1e-7, 3, 0)["switch"] is None
    assert pingpong.figures(1_000, 9e-6, 1e-6, 900, 900)["switch"] is None
    assert pingpong.figures(1_000, 4e-6, 1e-6, 600, 410)["switch"] == pytest.approx(3e-6)


def test_the_quicker_half_counts_unless_most_were_not_counted():
    assert pingpong.quickest([9, 1, 2, 3, 50, None]).most == 3
    assert pingpong.quickest([1, None, None]) is None


def made(thread=2e-6, process=2e-6, apart=2e-5, others=0.0, spread=0.02, language="C"):
    """Rows as a run would give them, with these costs of a switch; None: not counted."""
    kinds = [("together", "thread", thread), ("together", "process", process)]
    kinds += (
        [("apart", worker, apart) for worker in ("thread", "process")]
        if apart != "one core"
        else []
    )
    rows = []
    for number in range(1, 21):
        for place, worker, cost in kinds:
            each = None if cost is None else cost * (1 + spread * (number % 10))
            row = {
                "round": number,
                "place": place,
                "worker": worker,
                "language": language,
                "handovers": 400,
            }
            row |= {
                "voluntary": 400,
                "involuntary": 0,
                "seconds": 1e-6,
                "pipe": 1e-6,
                "switch": each,
            }
            rows.append(row | {"without_c": None})
    return Rows(rows, others)


CHECKS = {claim.id: claim.check for claim in (*switch.CLAIMS, *switch_memory.CLAIMS)}


@pytest.mark.parametrize(
    ("claim", "rows", "answer", "expected"),
    [
        ("process-1-10us", made(), True, "1–10 µs fits, 10–30 µs does not"),
        ("process-1-10us", made(process=2e-5), False, "1–10 µs does not, 10–30 µs fits"),
        ("process-1-10us", made(process=3e-7), False, "1–10 µs does not"),
        ("process-1-10us", made(process=9.5e-6), None, ""),
        ("process-1-10us", made(process=None), None, "did not count one switch"),
        ("process-1-10us", made(spread=0.5), True, "1–10 µs fits"),
        ("process-1-10us", made(process=9e-6, spread=0.5), None, "noisy"),
        ("thread-ns", made(thread=5e-7), True, "0.1–1 µs fits"),
        ("thread-ns", made(), False, "1–5 µs fits"),
        ("thread-ns", made(spread=0.5), None, "noisy"),
        ("thread-ns", made(spread=0.5, others=1.0), None, "busy: others took 1.0 of the cores"),
        ("thread-ns", made(thread=None), None, "did not count one switch"),
        ("thread-5x", made(process=1.2e-5), True, "process / thread is 6.00"),
        ("thread-5x", made(), False, "process / thread is 1.00"),
        ("thread-5x", made(thread=None), None, "did not count one switch"),
        ("cores", made(), True, "between two cores"),
        ("cores", made(apart=5e-7), False, "between two cores"),
        ("cores", made(apart=2.1e-6), None, "too close"),
        ("cores", made(apart=None), None, "did not count one switch"),
        ("cores", made(apart="one core"), None, "one core"),
        ("cores", made(others=1.0), True, "between two cores"),
        ("cores", made(apart=6e-6, others=1.0), None, "busy"),
        ("cores", made(apart=5e-7, others=1.0), None, "busy"),
    ],
)
def test_checks(claim, rows, answer, expected):
    text = CHECKS[f"switch.{claim}"](rows)
    assert text[0] is answer, text
    assert expected in text[1], text


THIRD = 1 / 3


@pytest.mark.parametrize("speed", [THIRD, 1, 3])
@pytest.mark.parametrize("cost", [3e-7, 9e-7, 1e-6, 1.1e-6, 2e-6, 4.9e-6])
def test_on_a_faster_and_on_a_slower_processor_the_verdict_follows_from_the_rows(cost, speed):
    """The same rows, as a processor would give them that needs a third of the time, or three
    times as much."""
    rows = made(thread=cost / speed, process=cost / speed, apart=2e-5 / speed)
    times = sorted(
        row["switch"] for row in rows if (row["place"], row["worker"]) == ("together", "thread")
    )
    low, high = (
        times[len(times) // 8],
        times[len(times) * 3 // 8],
    )  # in the middle half of the quicker half
    for name, least, most in (("thread-ns", 0, 1e-6), ("process-1-10us", 1e-6, 1e-5)):
        answer, because = CHECKS[f"switch.{name}"](rows)
        if answer is None:
            assert "lies in the middle half of these times" in because and because.endswith(
                "not decided."
            )
            assert any(times[0] <= border <= times[-1] for border in (least, most))
        else:
            assert answer is (least < low and high < most), because
            assert "does not" in because or "fits" in because
    assert CHECKS["switch.thread-5x"](rows)[0] is False
    assert CHECKS["switch.cores"](rows)[0] is True


def test_a_border_inside_the_spread_is_named():
    answer, because = CHECKS["switch.thread-ns"](made(thread=9.6e-7))
    assert answer is None
    assert because.endswith(
        "The border of 1.0 µs lies in the middle half of these times (979 ns to 1.0 µs): not"
        " decided."
    )
    answer, because = CHECKS["switch.thread-5x"](made(process=1e-5))
    assert answer is None
    assert because.endswith("The border of 5 lies inside: not decided.")


def weighed(large, copy=0.02, sizes=(0, 256_000_000), others=0.0, between=None):
    """Rows of switch_memory: a small process takes 2 µs, the largest `large`, or `between` if
    touched in every turn."""
    ways = {"before": large} | ({"between": between} if between else {})
    rows = [
        {
            "round": number,
            "memory": size,
            "worker": "process",
            "touched": touched,
            "switch": cost if size else 2e-6,
        }
        | {"copy": copy * (size > 0)}
        for number in range(1, 5)
        for size in sizes
        for touched, cost in ways.items()
        if size or touched == "before"
    ]
    return Rows(rows, others)


@pytest.mark.parametrize(
    ("rows", "answer", "expected"),
    [
        (weighed(2e-6), False, "one copy of 256 MB takes 20.0 ms"),
        (weighed(2e-6, between=9e-6), False, "touched between switches 256 MB 9.0 µs"),
        (weighed(2e-6, between=0.04), True, "touched between switches 256 MB 40.0 ms"),
        (weighed(0.04), True, "256 MB 40.0 ms"),
        (weighed(0.04, others=1.0), None, "busy"),
        (weighed(0.005), None, "noisy"),
        (weighed(None), None, "did not count one switch"),
        (weighed(2e-6, sizes=(0,)), None, "not enough memory"),
    ],
)
def test_saving_memory_would_take_as_long_as_copying_it(rows, answer, expected):
    text = CHECKS["switch.saves-memory"](rows)
    assert text[0] is answer, text
    assert expected in text[1], text


@pytest.mark.skipif(MISSING is not None, reason="needs Linux")
def test_memory_is_measured_both_ways():
    rows = pvt.run("switch_memory", largest_mb=16, rounds=2).rows
    seen = {(row["memory"] > 0, row["touched"]) for row in rows}
    assert seen == {(False, "before"), (True, "before"), (True, "between")}
    assert switch_memory.sentence(weighed(2e-6, between=9e-6)) == (
        "A process switch takes 2.0 µs without memory and 2.0 µs with 256 MB (9.0 µs if touched"
        " between switches);"
        " one copy takes 20.0 ms."
    )


@pytest.mark.parametrize("name", ["switch", "switch_memory"])
def test_where_no_core_can_be_chosen_it_says_so(name, monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "processor affinity")
    assert runner.run(name).missing == "processor affinity"


def test_partners_on_one_core_use_the_last_two_by_turns(monkeypatch):
    monkeypatch.setattr(pingpong, "ALLOWED", [0, 5, 7])
    assert [pingpong.cores(number, "together") for number in (0, 1)] == [([5], [5]), ([7], [7])]
    assert pingpong.cores(1, "apart") == ([7], [5])
    monkeypatch.setattr(pingpong, "ALLOWED", [3])
    assert [pingpong.cores(number, "together") for number in (0, 1)] == [([3], [3])] * 2
