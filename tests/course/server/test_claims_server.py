"""Ten thousand connections, decided here as a learner would; and every check with made-up rows."""

import os
import re

import pytest
from deciding import measured

from pvt import host
from pvt.course.server import (
    balance,
    design,
    fairness,
    keep_alive,
    ladder,
    overload,
    per_connection,
    server_crash,
    waking,
)

LINUX = os.path.isdir("/proc/self/task")
pytestmark = [
    pytest.mark.usefixtures("nothing_left"),
    pytest.mark.skipif(not LINUX, reason="elsewhere parts lack"),
]


def test_server_event_loop(python):
    entry = measured("server.event-loop", python)
    assert re.match(r"this process may open|.*[\d,]+ of [\d,]+ connections held", entry.because)


def test_server_thread_each(python):
    if host.lacking(("a GIL",)):
        pytest.skip("without a GIL")
    assert "threads answered" in measured("server.thread-each", python).because


def test_server_process_each():
    assert "10,000 would take" in measured("server.process-each").because


def test_server_event_loop_crash(python):
    entry = measured("server.event-loop-crash", python)
    assert entry.value != "fails"
    assert re.search(r"took (\d+) of \1 connections|not all connections", entry.because)


def test_server_hybrid(python):
    assert "after a segfault" in measured("server.hybrid", python).because


def test_server_pooled(python):
    assert "requests were answered" in measured("server.pooled", python).because


def test_server_heavy():
    assert "beside one request that computes" in measured("server.heavy").because


def test_server_slow():
    assert "had sent half a request" in measured("server.slow").because


def test_server_keep_alive():
    assert "times as long" in measured("server.keep-alive").because


def test_server_balance():
    assert "of its equal part" in measured("server.balance").because


def test_server_balance_shared():
    assert "By pure chance" in measured("server.balance-shared").because


def test_server_balance_reuseport():
    assert "By pure chance" in measured("server.balance-reuseport").because


def test_server_little():
    assert re.search(
        "clients had one request each|requests were refused", measured("server.little").because
    )


def test_server_bound():
    assert "were possible by the" in measured("server.bound").because


@pytest.mark.parametrize(("parts", "answer"), [((30, 70), True), ((2, 98), False)])
def test_connections_are_spread_or_not(parts, answer):
    rows = [
        {"way": balance.WAYS[0], "round": 1, "process": at, "connections": got}
        for at, got in enumerate(parts)
    ]
    assert balance.spread_over(rows)[0] is answer


def held(**changed):
    """The event loop's row of a whole run of ten thousand."""
    none = dict.fromkeys(("lost", "failed", "refused", "unanswered", "waiting"), 0)
    row = {
        "server": "event_loop",
        "connections": 10_000,
        "held": 10_000,
        "answered": 10_000,
        "rate": 9e3,
        "why": "",
    }
    return [row | none | {"memory": 40 << 20, "memory_each": 3_000, "threads": 1} | changed]


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, True),
        ({"lost": 1}, False),
        ({"threads": 9_000}, False),
        ({"memory_each": 1e6}, False),
        ({"unanswered": 3}, None),
        ({"connections": 900, "held": 900, "why": "this process may open only 1,024 files"}, None),
    ],
)
def test_holding_is_whole_and_light(changed, answer):
    assert ladder.held_all(held(**changed))[0] is answer


def climbed(*answered, most=100):
    """Rows of the ladder's last step: (server, on how many connections it answered)."""
    none = dict.fromkeys(("lost", "failed", "refused"), 0)
    row = {"connections": most, "wanted": most, "held": most, "why": ""}
    return [row | none | {"server": name, "unanswered": most - count} for name, count in answered]


FOUR = (("one_at_a_time", 1), ("thread_each", 90), ("thread_pool", 64), ("event_loop", 100))


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        (climbed(*FOUR), 0),
        (climbed(*FOUR, ("prefork_loops", 100)), 0),
        (climbed(*FOUR[:1], ("thread_each", 100), *FOUR[2:]), 1),
        (climbed(*((name, 100) for name, _ in FOUR)), 2),
        (climbed(*FOUR[3:]), None),
    ],
)
def test_the_ladder_is_judged_by_the_servers_that_ran(rows, at):
    assert ladder.outcome(rows) == (None if at is None else ladder.OUTCOMES[at])


def test_who_holds_a_connection_and_does_not_answer_is_not_said_to_answer():
    sentence = ladder.sentence(climbed(*FOUR))
    assert sentence.startswith("All 100 connections are answered by: event loop; the others 1 ")


def costs(thread_rate=100.0, memory=1e6, count=1_000):
    """Rows of opening and of three rounds."""
    sizes = {"thread": 20_000.0, "process": memory, "object": 2_000.0}
    rows = [
        per_connection.row(kind, held=count, wanted=count, memory_each=size, seconds_each=1e-3)
        for kind, size in sizes.items()
    ]
    for number in range(4):
        for kind, rate in (("thread", thread_rate), ("object", 1_000.0)):
            rows.append(
                per_connection.row(kind, number, rate=rate, slowest=0.1, lost=0, held=count)
            )
    return rows


@pytest.mark.parametrize(
    ("rate", "count", "answer"),
    [
        (100.0, 1_000, True),
        (2_000.0, 1_000, False),
        (800.0, 1_000, None),
        (100.0, 50, None),
        (2_000.0, 321, None),
    ],
)
def test_threads_are_judged_by_their_speed(rate, count, answer):
    assert per_connection.threads_scale(costs(rate, count=count))[0] is answer


@pytest.mark.parametrize(("memory", "answer"), [(1e6, True), (3e3, False), (1e4, None)])
def test_processes_are_judged_by_their_memory(memory, answer):
    assert per_connection.processes_scale(costs(memory=memory))[0] is answer


def crashed(server, survived, restored=0.1, unanswered=0):
    base = {
        "server": server,
        "wanted": 10,
        "held": 10,
        "answered": 10,
        "processes": 2,
        "restored": restored,
    }
    mild = base | {"trial": "raise", "lost": 0, "survived": 10, "unanswered": 0}
    return [
        mild,
        base
        | {
            "trial": "segfault",
            "lost": 10 - survived,
            "survived": survived,
            "unanswered": unanswered,
        },
    ]


@pytest.mark.parametrize(
    ("survived", "unanswered", "answer"), [(0, 0, True), (4, 0, False), (4, 2, None)]
)
def test_a_loop_with_survivors_would_fail(survived, unanswered, answer):
    assert (
        server_crash.crash_takes_all(crashed("event_loop", survived, None, unanswered))[0] is answer
    )


@pytest.mark.parametrize(
    ("survived", "restored", "answer"), [(5, 0.1, True), (0, 0.1, False), (5, None, None)]
)
def test_a_mixture_needs_survivors_and_a_restart(survived, restored, answer):
    rows = crashed("prefork_loops", survived, restored) + crashed(
        "prefork_threads", survived, restored
    )
    assert server_crash.isolated(rows)[0] is answer


def waves(**changed):
    row = {
        "queue": 40,
        "offered": 200,
        "answered": 44,
        "refused": 156,
        "failed": 0,
        "unanswered": 0,
        "alive": True,
    }
    row |= {"first": 0.02, "last": 0.2}
    return [row | changed, row | {"queue": 10_000, "answered": 200, "refused": 0, "last": 1.0}]


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, True),
        ({"alive": False}, False),
        ({"failed": 3}, False),
        ({"unanswered": 1}, None),
        ({"refused": 0}, None),
    ],
)
def test_a_pool_endures(changed, answer):
    assert overload.endures(waves(**changed))[0] is answer


def waited(loop, thread, pool):
    keys = ("server", "trial", "size", "worst", "middle")
    made = [("event_loop", "heavy", 200, loop, loop), ("thread_each", "heavy", 200, thread, thread)]
    made += [("thread_pool", "slow", 16, pool, pool), ("event_loop", "slow", 16, 0.001, 0.001)]
    return [dict(zip(keys, one, strict=True)) for one in made]


@pytest.mark.parametrize(
    ("loop", "thread", "answer"), [(0.2, 0.01, True), (0.01, 0.01, False), (0.3, 0.2, None)]
)
def test_who_waits_for_a_heavy_request(loop, thread, answer):
    assert fairness.loop_waits(waited(loop, thread, 1.0))[0] is answer


@pytest.mark.parametrize(("pool", "answer"), [(1.0, True), (0.01, False), (None, None)])
def test_who_waits_for_slow_clients(pool, answer):
    assert fairness.pool_waits(waited(0.2, 0.01, pool))[0] is answer


@pytest.mark.parametrize(("fresh", "answer"), [(4.0, True), (0.5, False), (1.1, None)])
def test_a_kept_connection_is_cheaper(fresh, answer):
    rows = [
        {
            "round": number,
            "server": "event_loop",
            "connection": kind,
            "seconds": seconds * (1 + number / 100),
        }
        for number in range(5)
        for kind, seconds in (("kept", 1.0), ("fresh", fresh * (1 + (number % 2) / 50)))
    ]
    assert keep_alive.saves(rows)[0] is answer


@pytest.mark.parametrize(
    ("parts", "answer"), [((510, 490), True), ((800, 200), False), ((530, 470), None)]
)
def test_lots_are_nearly_even(parts, answer):
    rows = [
        {"way": balance.WAYS[0], "round": number, "process": at, "connections": got}
        for number in (1, 2)
        for at, got in enumerate(parts)
    ]
    assert balance.by_lot(balance.WAYS[0])(rows)[0] is answer
    assert balance.by_lot(balance.WAYS[1])(rows)[0] is None


def rounds(rate, mean, refused=0):
    bounds = {"by_threads": 1_000.0, "by_clients": 5_000.0, "by_processor": 9_000.0}
    row = {"rate": rate, "mean": mean, "refused": refused, "failed": 0, "clients": 100}
    return [bounds | row | {"round": number} for number in range(4)]


@pytest.mark.parametrize(
    ("mean", "refused", "answer"),
    [(0.1, 0, True), (0.2, 0, False), (0.05, 0, None), (0.1, 5, None)],
)
def test_littles_law(mean, refused, answer):
    assert design.little(rounds(1_000.0, mean, refused))[0] is answer


@pytest.mark.parametrize(("rate", "answer"), [(990.0, True), (2_000.0, False)])
def test_the_bound_of_a_pool(rate, answer):
    assert design.bounded(rounds(rate, 0.1))[0] is answer


def test_server_turns_accept():
    assert measured("server.turns-accept").because


def test_server_turns_epoll():
    assert measured("server.turns-epoll").because


def test_server_reuseport_dies():
    entry = measured("server.reuseport-dies")
    migrates = host.text("/proc/sys/net/ipv4", "tcp_migrate_req") == "1"
    assert entry.value == "not decided" or entry.value == ("holds" if migrates else "fails"), entry
    assert "connections that waited were lost" in entry.because


def woken(way, *got, lost=0):
    """Rows as a run of waking would give them."""
    of = sum(got) + lost
    return [waking.row(way, number, one, of) for number, one in [*enumerate(got, 1), (0, lost)]]


@pytest.mark.parametrize(
    ("accept", "epoll", "at"),
    [
        ((20, 20, 20, 20), (80, 0, 0, 0), 1),
        ((20, 20, 20, 20), (21, 19, 20, 20), 0),
        ((40, 20, 10, 10), (80, 0, 0, 0), 2),
    ],
)
def test_the_outcome_of_waking(accept, epoll, at):
    assert (
        waking.outcome(woken(waking.ACCEPT, *accept) + woken(waking.EPOLL, *epoll))
        == waking.OUTCOMES[at]
    )


def test_checks_of_waking():
    accept, epoll, dies = (claim.check for claim in waking.CLAIMS)
    assert accept(woken(waking.ACCEPT, 20, 20, 20, 20))[0] is True
    assert accept(woken(waking.ACCEPT, 28, 20, 16, 16))[0] is None
    assert epoll(woken(waking.EPOLL, 80, 0, 0, 0))[0] is False
    assert epoll(woken(waking.EPOLL, 0, 0, 0, 0, lost=80)) == (None, "nobody answered.")
    assert dies(woken(waking.DIES, 0, 20, 20, 20, lost=20))[0] is False
    assert dies(woken(waking.DIES, 0, 30, 30, 20))[0] is True
