"""Made-up looks and notes: the shares are those that were put in."""

import json
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from pvt import procfs, watcher
from pvt.watcher import far, lanes
from pvt.watcher.figures import DATABASE, IN_CONDITION, IN_QUEUE, crew, figures
from pvt.watcher.seen import Seen

MAIN = 100
STEP = 0.01


def rows(
    threads, *, seconds=2.0, notes=(), late=None, gil=True, cores=2, ending=None, main_waits=True
):
    """The rows of a run of one process; `threads`: number -> (share of a core, share ready, call
    when blocked).
    """
    yield {"pid": MAIN, "begin": 50.0, "cores": cores, "system": "linux"}
    yield {"process": MAIN, "parent": 1, "command": "python my.py", "at": 50.0}
    threads = {MAIN: (0.0, 0.0, "f"), **threads}
    first = [["process", 50.0, MAIN, 1, MAIN, gil, "3.14.0"]]
    first += [
        ["wait", MAIN, 50.0, 50.0 + seconds, "worker", "the end of all", None, None]
    ] * main_waits
    first += [["thread", number, 50.0, f"Thread-{number}"] for number in threads if number != MAIN]
    if late is not None:
        first += [["probe", 50.0 + at * 0.02, late, 0.0, []] for at in range(int(seconds / 0.02))]
    text = "".join(json.dumps(note) + "\n" for note in [*first, *notes])
    yield {"notes": text, "process": MAIN}
    for at in range(int(seconds / STEP) + 1):
        passed = at * STEP
        looks = [
            [number, core * passed, ready * passed, "r" if core + ready > 0.99 else call]
            for number, (core, ready, call) in threads.items()
        ]
        yield {"at": 50.0 + passed, "looks": [[MAIN, list(threads), *looks]]}
    yield {
        "ending": ending,
        "code": 0,
        "end": 50.0 + seconds,
        "processor": 0.0,
        "others": 0.0,
        "left": 0,
    }


def laned(*args, **kwargs):
    """(what was seen, bins, lanes by name)."""
    seen = Seen(list(rows(*args, **kwargs)))
    bins, found = lanes.lanes(seen)
    return seen, bins, {lane.name: lane for lane in found}


def shares(*args, **kwargs):
    return {name: lane.shares for name, lane in laned(*args, **kwargs)[2].items()}


def measured(*args, **kwargs):
    seen, bins, found = laned(*args, **kwargs)
    return figures(seen, bins, list(found.values()))


def near(value):
    return pytest.approx(value, abs=0.03)


def test_two_threads_share_the_gil():
    found = shares({MAIN: (0.0, 0.0, "f"), 101: (0.5, 0.0, "g"), 102: (0.5, 0.0, "g")}, late=0.005)
    assert found["Thread-101"]["python"] == near(0.5)
    assert found["Thread-101"]["gil"] == near(0.5)


def test_two_threads_without_the_gil_run_c():
    found = shares({101: (1.0, 0.0, "r"), 102: (1.0, 0.0, "r")}, late=0.0001)
    assert found["Thread-101"]["c"] == near(1.0)


def test_time_that_nobody_counted_is_no_wait_for_the_gil():
    """Two threads are always seen running C; a part of the time the machine itself had no core."""
    found = shares({101: (0.9, 0.0, "r"), 102: (0.9, 0.0, "r")}, late=0.0001)
    assert found["Thread-101"] == {"c": near(1.0)}


def test_without_a_gil_all_is_python():
    found = shares({101: (1.0, 0.0, "r"), 102: (1.0, 0.0, "r")}, late=0.0001, gil=False)
    assert found["Thread-102"]["python"] == near(1.0)


def test_ready_is_what_the_kernel_says():
    found = shares({101: (0.3, 0.7, "r"), 102: (0.3, 0.7, "r")}, late=0.005)
    assert found["Thread-101"]["ready"] == near(0.7)


@pytest.mark.parametrize(
    ("call", "state"), [("i", "io"), ("s", "asleep"), ("w", "worker"), ("?", "unknown")]
)
def test_a_blocked_thread_without_a_note_is_named_by_its_call(call, state):
    assert shares({101: (0.1, 0.0, call)}, late=0.0001)["Thread-101"][state] == near(0.9)


def test_a_note_says_what_a_blocked_thread_waits_for():
    notes = [["wait", 101, 50.5, 51.5, "lock", ["my.py", 3], 102, ["my.py", 9]]]
    threads = {101: (0.0, 0.0, "f"), 102: (0.0, 0.0, "s")}
    found = shares(threads, notes=notes)
    assert found["Thread-101"]["lock"] == near(0.5)
    assert found["Thread-102"] == {"asleep": near(1.0)}


def test_a_wait_that_has_not_ended_lasts_to_the_end():
    notes = [["open", 101, 51.0, 51.1, "worker", "a queue", None, None]]
    assert shares({101: (0.0, 0.0, "f")}, notes=notes)["Thread-101"]["worker"] == near(0.5)


def test_a_wait_is_counted_once_though_it_was_open_before():
    notes = [
        ["open", 101, 50.5, 50.6, "worker", "a queue", None, None],
        ["wait", 101, 50.5, 51.0, "worker", "a queue", None, None],
    ]
    assert laned({101: (0.0, 0.0, "s")}, notes=notes)[2]["Thread-101"].seconds["worker"] == near(
        0.5
    )


def test_the_shares_of_a_lane_are_one():
    for found in shares({101: (0.2, 0.1, "g"), 102: (0.5, 0.3, "i")}, late=0.003).values():
        assert sum(found.values()) == pytest.approx(1.0)


def test_the_recorder_is_no_lane():
    found = shares({101: (0.5, 0.0, "s"), 7: (0.1, 0.0, "f")}, notes=[["probe thread", 7]])
    assert list(found) == ["MainThread", "Thread-101"]


def test_a_process_without_notes_is_not_known():
    made = [row for row in rows({MAIN: (1.0, 0.0, "r")}) if "notes" not in row]
    _, found = lanes.lanes(Seen(made))
    assert found[0].shares["unknown"] == near(1.0)


def test_stretches_follow_one_another():
    notes = [["wait", 101, 50.5, 51.5, "lock", ["my.py", 3], 102, ["my.py", 9]]]
    _, bins, found = laned({101: (0.0, 0.0, "s")}, notes=notes)
    stretches = lanes.stretches(bins, found["Thread-101"])
    assert [state for _, _, state in stretches] == ["asleep", "lock", "asleep"]
    assert [round(begin, 1) for begin, _, _ in stretches] == [0.0, 0.5, 1.5]


def test_tasks_are_lanes_of_their_loop():
    steps = [
        ["step", MAIN, 7, "Task-1 (fetch)", 50.0 + at * 0.2, 50.1 + at * 0.2, "io"]
        for at in range(10)
    ]
    steps[-1][-1] = "ended"
    found = shares({MAIN: (0.5, 0.0, "i")}, notes=steps, late=0.005, main_waits=False)
    assert found["task Task-1 (fetch)"] == {"python": near(0.53), "io": near(0.47)}


def test_a_blocking_call_is_found_with_its_line():
    steps = [["step", MAIN, 8, "Task-2 (polite)", 50.0, 50.01, "asleep"]]
    steps += [["step", MAIN, 7, "Task-1 (rude)", 50.1, 51.1, "ended"]]
    steps += [["step", MAIN, 8, "Task-2 (polite)", 51.2, 51.21, "ended"]]
    notes = [["wait", MAIN, 50.1, 51.1, "asleep", "", None, ["/home/me/my.py", 14]], *steps]
    block = measured({MAIN: (0.0, 0.0, "s")}, notes=notes, main_waits=False).blocks[0]
    assert (block.place, block.others, round(block.longest, 2)) == ("line 14 of my.py", 1, 1.0)


def test_a_pool_knows_how_much_lay_waiting():
    notes = [["name", 101, "ThreadPoolExecutor-0_0"]]
    notes += [
        ["item", "ThreadPoolExecutor-0", 50.0, 50.0 + at * 0.2, 50.2 + at * 0.2, 101]
        for at in range(10)
    ]
    pool = measured({101: (0.0, 0.0, "i")}, notes=notes).pools[0]
    assert pool.size == 1
    assert pool.backlog == pytest.approx(4.5)
    assert pool.waiting == near(1.0)


def test_a_pool_that_gives_only_its_results_is_worked_off_in_turn():
    notes = [["pool", 7, 2, [101, 102]]]
    notes += [["job", 7, 50.0, 50.2 + at // 2 * 0.2] for at in range(20)]
    pool = measured({101: (0.0, 0.0, "s"), 102: (0.0, 0.0, "s")}, notes=notes).pools[0]
    assert (pool.size, pool.backlog) == (2, pytest.approx(9.0))
    assert pool.waiting == near(1.0)


def test_a_thread_beside_an_idle_one_does_not_wait_for_the_gil():
    found = shares({101: (0.9, 0.0, "g"), 102: (0.01, 0.0, "f")}, late=0.005)
    assert "gil" not in found["Thread-101"]


def test_who_waits_for_the_gil_all_the_time_is_seen():
    found = shares({101: (1.0, 0.0, "r"), 102: (0.0, 0.0, "g")}, late=0.005)
    assert found["Thread-102"]["gil"] == near(1.0)


def test_a_lock_is_waited_for_only_while_its_worker_neither_runs_nor_is_ready():
    """Who has been woken up and has no core yet is ready, though its wait has not returned."""
    notes = [["wait", 101, 50.0, 52.0, "lock", "a lock", 102, None]]
    lock = measured({101: (0.1, 0.8, "f"), 102: (0.0, 0.0, "s")}, notes=notes).locks[0]
    assert lock.waits["Thread-101"] == pytest.approx(0.2, abs=0.05)


def test_processes_that_wait_for_their_next_piece_are_idle():
    """As where all of it goes through one narrow pipe: a larger pool would not help."""
    made = list(rows({MAIN: (0.3, 0.0, "i")}))
    notes = [["pool", 7, 1, [300]], *(["job", 7, 50.0, 50.2 + at * 0.2] for at in range(9))]
    made.insert(-1, {"notes": "\n".join(map(json.dumps, notes)), "process": MAIN})
    made.insert(-1, {"process": 300, "parent": MAIN, "command": "python my.py", "at": 50.0})
    begun = [["process", 50.0, 300, MAIN, 300, True, "3.14.0"]]
    begun += [["wait", 300, 50.0, 52.0, "worker", "a queue between processes", None, None]]
    made.insert(-1, {"notes": "\n".join(map(json.dumps, begun)), "process": 300})
    for at in range(20):
        looks = [300, [300], [300, 0.001 * at, 0.0, "f"]]
        made.insert(-1, {"at": 50.0 + at * 0.1, "looks": [looks]})
    seen = Seen(made)
    bins, found = lanes.lanes(seen)
    (pool,) = figures(seen, bins, found).pools
    assert (pool.kind, pool.waiting) == ("process", near(0.0))
    assert pool.backlog > 3


def test_a_long_time_without_a_core_is_no_wait_for_the_gil():
    """The kernel counts such a time when it is over."""
    made = list(rows({101: (0.0, 0.0, "r"), 102: (0.0, 0.0, "r")}))
    for row in made:
        for _, _, *looks in row.get("looks", ()):
            for look in looks:
                if look[0] != MAIN:
                    late = round((row["at"] - 50.0) * 100) // 50 * 0.5  # every half second
                    look[1:] = [0.1 * late, 0.9 * late, "r"]
    _, found = lanes.lanes(Seen(made))
    for lane in found[1:]:
        assert lane.shares["ready"] == near(0.9)
        assert lane.shares.get("gil", 0.0) == near(0.0)


def test_threads_with_interpreters_of_their_own_do_not_wait_for_the_gil():
    inside = "concurrent/futures/interpreter.py".partition("/")[2]
    notes = [["place", 3, "my.py", 5, "work", inside]]
    notes += [["probe", 50.0 + at * 0.02, 0.0001, 0.0, [[101, 3], [102, 3]]] for at in range(100)]
    found = shares({101: (0.3, 0.2, "r"), 102: (0.3, 0.2, "r")}, notes=notes)
    assert found["Thread-101"]["ready"] == near(0.7)
    assert "gil" not in found["Thread-101"]


def test_a_process_is_known_by_its_last_command():
    """Between fork and exec it still has its parent's."""
    made = list(rows({MAIN: (0.0, 0.0, "s")}))
    for command in ("python my.py", "python -c from multiprocessing.forkserver import main"):
        made.insert(-1, {"process": 300, "parent": MAIN, "command": command, "at": 50.1})
    made.insert(-1, {"at": 51.0, "looks": [[300, [300], [300, 0.01, 0.0, "i"]]]})
    _, found = lanes.lanes(Seen(made))
    assert [lane.name for lane in found] == ["MainThread"]


def test_a_process_that_was_gone_before_it_had_a_command_is_left_out():
    made = list(rows({101: (1.0, 0.0, "r")}))
    made.insert(-1, {"at": 51.0, "looks": [[300, [300], [300, 0.01, 0.0, "r"]]]})
    made.insert(-1, {"at": 51.1, "looks": [[300, [300], [300, 0.02, 0.0, "r"]]]})
    seen = Seen(made)
    bins, found = lanes.lanes(seen)
    assert {lane.name for lane in found} == {"MainThread", "Thread-101"}
    assert figures(seen, bins, found).cores_busy == near(1.0)


def test_who_is_left_alone_at_the_end_is_seen():
    notes = [["wait", 102, 50.6, 52.0, "worker", "a queue", None, None]]
    found = measured({101: (0.0, 0.0, "i"), 102: (0.0, 0.0, "i")}, notes=notes)
    assert found.tail_worker == "Thread-101"
    assert found.tail == pytest.approx(1.4, abs=0.15)


@pytest.mark.parametrize(
    ("last", "main", "tail"),
    [
        ((0.0, 0.0, "s"), (0.9, 0.0, "r"), ""),  # a heartbeat, while the main thread computes
        ((0.9, 0.0, "r"), (0.9, 0.0, "r"), ""),  # both compute: it is not the only one
        ((0.0, 0.0, "s"), (0.0, 0.0, "i"), ""),  # a heartbeat, while the main thread reads
        ((0.0, 0.0, "i"), (0.0, 0.0, "s"), "Thread-101"),  # the main thread looks now and then
        ((0.9, 0.0, "r"), (0.1, 0.0, "s"), "Thread-101"),
    ],
)
def test_who_is_left_is_no_straggler_while_the_main_thread_works(last, main, tail):
    notes = [["wait", 102, 50.6, 52.0, "worker", "a queue", None, None]]
    notes.append(["wait", MAIN, 50.0, 50.6, "worker", "the end of Thread-102", None, None])
    threads = {MAIN: main, 101: last, 102: (0.0, 0.0, "i")}
    found = measured(threads, notes=notes, late=0.0001, main_waits=False)
    assert found.tail_worker == tail


def test_a_thread_that_sends_and_receives_for_a_pool_is_none_of_its_workers():
    threads = {101: (0.0, 0.0, "i"), 102: (0.0, 0.0, "i")}
    notes = [IDLE, ["servant", 101]]
    found = measured(threads, notes=notes)
    assert found.tail_worker == ""
    assert [one.name for one in crew(found.workers)] == ["MainThread", "Thread-102"]


IDLE = ["wait", 102, 50.6, 52.0, "worker", "a queue", None, None]


@pytest.mark.parametrize(
    ("notes", "later", "tail"),
    [
        ([], 0.0, "Thread-101"),
        ([], 0.1, ""),  # a later stage is given what this one makes
        ([], 0.004, "Thread-101"),  # an idle worker asks now and then
        (["took", 1, 101, 51.0, 51.9, 9, 0.9, 0.9, 0], 0.0, ""),  # many pieces, none of them long
        (["took", 1, 101, 50.0, 50.4, 40, 0.4, 0.4, 0], 0.0, "Thread-101"),  # and then a long one
        (["took", 1, 101, 50.4, 51.9, 1, 1.4, 1.4, 0], 0.0, "Thread-101"),
    ],
)
def test_a_stage_of_a_pipeline_is_no_straggler(notes, later, tail):
    threads = {101: (0.0, 0.0, "i"), 102: (0.0, 0.0, "i"), 103: (later, 0.0, "f")}
    waits = ["wait", 103, 50.0, 52.0, "worker", "a queue", None, None]
    found = measured(threads, notes=[IDLE, waits, *([notes] if notes else [])], late=0.005)
    assert found.tail_worker == tail


def test_who_works_alone_all_the_time_is_no_straggler():
    notes = [["wait", 102, 50.0, 52.0, "worker", "a queue", None, None]]
    assert measured({101: (0.0, 0.0, "i"), 102: (0.0, 0.0, "i")}, notes=notes).tail == 0.0


def test_the_lock_most_waited_for_has_its_name_place_and_holder(tmp_path):
    program = tmp_path / "my.py"
    program.write_text("import threading\n\nbook = threading.Lock()\n")
    notes = [["wait", 101, 50.5, 51.5, "lock", [str(program), 3], 102, [str(program), 9]]]
    lock = measured({101: (0.0, 0.0, "f"), 102: (0.0, 0.0, "s")}, notes=notes).locks[0]
    assert (lock.name, lock.place, lock.holder) == ("book", "line 3 of my.py", "Thread-102")


def test_a_long_run_of_64_threads_has_no_more_bins_than_a_short_one():
    threads = {number: (0.03, 0.9, "g") for number in range(101, 165)}
    _, bins, found = laned(threads, seconds=30.0)
    assert len(found) == 65
    assert bins.count <= lanes.MOST_BINS + 2


def test_the_probe_keeps_no_step_with_the_hand_over_of_the_gil():
    """Two threads that compute hand it over every 5 ms. In step with that, a probe would come at
    the same moment each time, and might find it free each time."""
    path = Path(watcher.__file__).parent / "inside" / "pvt_notes.py"
    spec = spec_from_file_location("notes_alone", path)
    spec.loader.exec_module(notes := module_from_spec(spec))
    tenths = Counter(int(notes.pause_after(number) / 0.0005) % 10 for number in range(1000))
    assert set(tenths) == set(range(10)) and all(80 < count < 120 for count in tenths.values())


def test_names_that_look_numbered_stay_apart():
    counts = Counter()
    names = [lanes.numbered(name, counts) for name in ("w", "w #2", "w", "w")]
    assert len(set(names)) == 4


def test_a_probe_that_had_no_core_still_tells_of_the_gil():
    late = [["probe", 50.0 + at * 0.02, 0.03, 0.0298, []] for at in range(100)]
    found = shares({101: (0.9, 0.1, "r"), 102: (0.9, 0.1, "r")}, notes=late)
    assert found["Thread-101"]["c"] == near(0.9)


LOCK = ["/home/me/my.py", 2]


@pytest.mark.parametrize(
    ("holder", "until", "ending", "circle"),
    [
        (101, 52.0, "time limit", 1),
        (101, 52.0, None, 0),  # it ended by itself
        (101, 50.6, "time limit", 0),  # it was over long before
        (102, 52.0, "time limit", 0),  # another has it, and does not wait
    ],
)
def test_only_waits_that_were_open_when_a_run_was_ended_make_a_deadlock(
    holder, until, ending, circle
):
    notes = [["open", 101, 50.5, until, "lock", LOCK, holder, None]]
    threads = {101: (0.0, 0.0, "f"), 102: (0.0, 0.0, "s")}
    assert len(measured(threads, notes=notes, ending=ending).circle) == circle


def test_a_wait_that_is_over_makes_no_deadlock():
    """Who has let a lock go is known as its holder until another takes it."""
    notes = [["wait", 101, 50.5, 52.0, "lock", LOCK, 101, None]]
    found = measured({101: (0.0, 0.0, "f")}, notes=notes, ending="time limit")
    assert found.circle == [] and found.locks[0].holder == ""


def opened(number, state, what, begin=50.5, until=52.0):
    return ["open", number, begin, until, state, what, None, None]


BETWEEN = "a lock between processes"
QUEUE = opened(MAIN, "worker", "a queue")


def still(*notes, threads=(101,), ending="time limit"):
    """(who waited for locks, who for others, (threads of a pool, pieces in its queue))."""
    threads = {number: (0.0, 0.0, "f") for number in (MAIN, *threads)}
    found = measured(threads, notes=notes, ending=ending, main_waits=False).still
    return found and (found.locks, found.others, (found.pool, found.queued))


def test_a_run_in_which_nobody_can_go_on_stands_still():
    waits = opened(101, "lock", BETWEEN)
    assert still(QUEUE, waits) == (["Thread-101"], ["MainThread"], (0, 0))
    both = still(QUEUE, opened(101, "worker", "an event"))
    assert both == ([], ["MainThread", "Thread-101"], (0, 0))


@pytest.mark.parametrize(
    ("waits", "options"),
    [
        (opened(101, "lock", BETWEEN), {"ending": None}),  # it ended by itself
        (opened(101, "lock", BETWEEN), {"threads": (101, 102)}),  # the other does not wait
        (opened(101, "lock", f"{BETWEEN} (with a time limit)"), {}),
        (opened(101, "worker", "a condition (with a time limit)"), {}),
        (opened(101, "lock", BETWEEN, until=50.7), {}),  # that was over soon
        (opened(101, "lock", BETWEEN, begin=51.5), {}),  # and this may be
        (opened(101, "asleep", ""), {}),
        (opened(101, "io", "the network"), {}),
    ],
)
def test_who_may_go_on_does_not_stand_still(waits, options):
    assert still(QUEUE, waits, **options) is None


@pytest.mark.parametrize(
    ("others", "name"),
    [("lock", "task Task-1 (main)"), ("worker", None), ("io", None), ("asleep", None)],
)
def test_a_loop_stands_still_if_its_tasks_wait_for_locks(others, name):
    step = ["step", MAIN, 7, "Task-1 (main)", 50.1, 50.2, others]
    found = still(opened(MAIN, "io", "the network"), step, threads=())
    assert (found and found[0]) == (name and [name])


@pytest.mark.parametrize(("what", "size", "pool"), [
    ("a condition", 4, (1, 4)), ("a condition", 0, (0, 0)), ("a queue", 4, (0, 0))])  # fmt: skip
def test_pieces_that_wait_for_pieces_of_their_pool_are_seen(what, size, pool):
    begun = ["thread", 101, 50.0, "ThreadPoolExecutor-0_0"]
    found = still(QUEUE, begun, opened(101, "worker", what), ["left", 1, 50.6, size])
    assert found[2] == pool


def test_a_wait_with_a_limit_makes_no_deadlock():
    notes = [["open", 101, 50.5, 52.0, "lock", "a lock (with a time limit)", 101, None]]
    threads = {101: (0.0, 0.0, "f"), 102: (0.0, 0.0, "s")}
    assert measured(threads, notes=notes, ending="time limit").circle == []


@pytest.mark.parametrize(
    ("each", "kept", "blocks"),
    [
        (0.04, [8], [("line 14 of my.py", 20, 0.8, 1)]),
        (0.04, [], []),  # nobody had to wait
        (0.015, [8], []),  # and of this the loop has time enough
    ],
)
def test_many_short_calls_block_a_loop_if_they_take_much_of_its_life(each, kept, blocks):
    notes = []
    for at in range(20):
        begin = 50.0 + 0.05 * at
        notes.append(["wait", MAIN, begin, begin + each, "asleep", "", None, ["/me/my.py", 14]])
        notes.append(["step", MAIN, 7, "Task-1 (rude)", begin, begin + each, "asleep", kept])
    found = measured({MAIN: (0.0, 0.0, "s")}, notes=notes, main_waits=False).blocks
    assert [(one.place, one.count, round(one.seconds, 3), one.others) for one in found] == blocks


def taken(queue=1, worker=101, begin=0.0, end=1.8, pieces=9, waiting=9.0, least=0):
    """The note of a worker that took piece after piece from a queue."""
    worked = end - begin
    return [
        "took",
        queue,
        worker,
        50.0 + begin,
        50.0 + end,
        pieces,
        worked,
        worked * waiting,
        least,
    ]


WAITS = {101: (0.0, 0.0, "s")}


def by_hand(*notes, threads=WAITS, **options):
    """(size, backlog, share waiting, seconds) of the pools made by hand that were seen."""
    found = measured(threads, notes=notes, **options).pools
    return [(one.size, round(one.backlog, 1), round(one.waiting, 1), one.seconds) for one in found]


ONE_POOL = [(1, 9.0, 1.0, near(2.0))]


def test_workers_of_one_queue_are_a_pool():
    assert by_hand(taken()) == ONE_POOL
    both = {101: (0.0, 0.0, "s"), 102: (0.0, 0.0, "s")}
    found = by_hand(taken(), taken(worker=102), threads=both)
    assert found == [(2, 9.0, 1.0, near(2.0))]


def test_a_queue_that_still_holds_much_at_the_end_held_no_work():
    assert by_hand(taken(least=5), ["left", 1, 51.95, 5]) == []
    assert by_hand(taken(), ["left", 1, 51.95, 1]) == ONE_POOL  # a word that it may stop
    assert by_hand(taken(), ["left", 1, 51.0, 5]) == ONE_POOL  # some was taken after that
    stopped = by_hand(taken(least=5), ["left", 1, 51.95, 5], ending="time limit")
    assert stopped == ONE_POOL


def test_what_lies_in_a_queue_to_the_last_is_not_counted():
    assert by_hand(taken(waiting=9.0, least=4)) == [(1, 5.0, 1.0, near(2.0))]


def test_what_is_given_back_is_no_work():
    assert by_hand(taken(), ["back", 1, 8]) == []
    assert by_hand(taken(), ["back", 1, 1]) == ONE_POOL  # one piece once more


@pytest.mark.parametrize(
    ("backs", "more", "waits"),
    [
        (8, [], {"Thread-101": 1.2}),
        (1, [], None),  # it takes its work from there
        (8, ["took", 2, 101, 50.1, 50.2, 1, 0.1, 0.1, 0], {}),  # which of two queues?
    ],
)
def test_who_waits_for_what_is_given_back_waits_as_at_a_semaphore(backs, more, waits):
    notes = [taken(), ["back", 1, backs], *([more] if more else [])]
    notes += [["wait", 101, 50.2 + at, 50.8 + at, "worker", "a queue", None, None] for at in (0, 1)]
    found = measured(WAITS, notes=notes).locks
    assert [one.name for one in found] == [IN_QUEUE] * (waits is not None)
    assert waits is None or found[0].waits == pytest.approx(waits)


def test_workers_that_have_no_work_at_the_end_do_not_hold_up_a_program():
    assert by_hand(taken(end=1.0, pieces=20)) == []
    assert by_hand(taken(begin=1.6, pieces=2)) == []  # and these had too little of it


def test_an_end_that_takes_long_for_want_of_a_core_is_no_end_without_work():
    late = {**WAITS, MAIN: (0.0, 0.6, "s")}
    work = taken(end=1.3, pieces=13)
    assert by_hand(work) == []
    assert by_hand(work, threads=late, main_waits=False) == [(1, 9.0, 1.0, near(1.4))]


def test_who_computes_beside_a_pool_holds_up_the_program():
    beside = {101: (0.0, 0.0, "s"), 102: (0.9, 0.0, "r")}
    assert by_hand(taken(), threads=beside) == []
    beside[102] = (0.3, 0.0, "s")
    assert by_hand(taken(), threads=beside) == ONE_POOL


def test_pools_one_after_the_other_are_one():
    notes = [taken(queue=at, begin=0.4 * at, end=0.4 * at + 0.35, pieces=7) for at in range(5)]
    assert by_hand(*notes) == [(1, 9.0, 1.0, near(2.0))]


def test_workers_may_wait_for_processes_that_they_start_but_not_for_others():
    wait = ["wait", 101, 50.0, 51.9, "worker", "a process", None, None]
    assert by_hand(taken(), wait) == [(1, 9.0, near(1.0), near(2.0))]
    wait[5] = "the end of Thread-7"
    assert by_hand(taken(), wait) == [(1, 9.0, near(0.0), near(2.0))]


@pytest.mark.parametrize(("length", "pools"), [(0.18, 0), (0.001, 1)])
def test_while_its_loop_is_blocked_a_task_is_not_at_its_work(length, pools):
    notes = []
    for at in range(10):
        begin = 50.0 + 0.2 * at
        notes.append(["step", MAIN, 7, "Task-2 (work)", begin, begin + length, "asleep", []])
    notes.append(taken(worker=7))
    assert len(by_hand(*notes, threads={}, main_waits=False)) == pools


def test_memory_that_grows_between_two_counts_is_seen(monkeypatch, tmp_path):
    looking = far.Looking(7, str(tmp_path))
    looking.known = {7: "python my.py"}
    found = []
    for at, private, anonymous in [
        *((0.1, 50, 60), (0.2, 50, 90), (0.21, 50, 95)),  # the last one comes too soon
        *((0.3, 50, 160), (0.4, 50, 161), (0.5, 50, 80), (9.9, 70, 80)),
    ]:
        monkeypatch.setattr(procfs, "private", lambda pid, size=private: size << 20)
        monkeypatch.setattr(procfs, "anonymous", lambda pid, size=anonymous: size << 20)
        monkeypatch.setattr(far, "clock", lambda at=at: at)
        found.append(looking.sizes(at).get(7, 0) >> 20)
    assert found == [50, 80, 0, 150, 0, 70, 70]


def slept(number, until, each=None):
    """The steps of a task that sleeps until then, at once or each time for so long."""
    called, each = f"Task-{number} (get)", each or until
    begins = [50.0 + 0.01 * number + at * each for at in range(round(until / each))]
    for begin in begins:
        yield ["step", MAIN, number, called, begin, begin + 0.001, "asleep"]
    yield ["step", MAIN, number, called, 50.0 + until, 50.001 + until, "ended"]


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ((*slept(2, 0.4), *slept(3, 0.4), *slept(4, 1.9)), "task Task-4 (get)"),
        ((*slept(2, 0.4), *slept(3, 0.4)), ""),  # none is longer than the other
        ((*slept(1, 1.9), *slept(2, 0.4), *slept(3, 0.4)), ""),  # that is the main one
    ],
)
def test_a_task_that_is_left_alone_at_the_end_is_seen(steps, last):
    main = ["step", MAIN, 1, "Task-1 (get)", 50.0, 50.001, "worker"]
    found = measured({MAIN: (0.0, 0.0, "s")}, notes=[main, *steps], main_waits=False)
    assert found.tail_worker == last


def test_tasks_that_work_in_turn_end_together():
    main = ["step", MAIN, 1, "Task-1 (main)", 50.0, 50.001, "worker"]
    notes = [main, *slept(2, 1.9)]
    for at in range(19):
        begin = 50.02 + at * 0.1
        notes.append(["step", MAIN, 3, "Task-3 (take)", begin, begin + 0.001, "worker"])
        notes.append(["step", MAIN, 3, "Task-3 (take)", begin + 0.06, begin + 0.061, "asleep"])
    found = measured({MAIN: (0.0, 0.0, "s")}, notes=notes, main_waits=False)
    assert found.tail_worker == ""


@pytest.mark.parametrize(("call", "state"), [("i", "io"), ("?", "unknown")])
def test_a_task_that_is_blocked_in_a_call_does_what_its_thread_does(call, state):
    step = ["step", MAIN, 7, "Task-1 (read)", 50.1, 51.9, "ended"]
    threads = {MAIN: (0.0, 0.0, call)}
    found = shares(threads, notes=[step], late=0.0001, main_waits=False)
    assert found["task Task-1 (read)"][state] == near(1.0)


def gate(*threads):
    """Notes of a condition: (thread, waits, seconds, line of the waits, wakes, line of these)."""
    return [
        ["gate", 0, number, waits, seconds, seconds / 2, line and ["my.py", line], wakes,
         woke and ["my.py", woke]]
        for number, waits, seconds, line, wakes, woke in threads
    ]  # fmt: skip


HANDED = [(101, 0, 0.0, None, 10, 9), (102, 9, 1.4, 5, 10, 9), (103, 9, 1.5, 5, 10, 9)]
AT_A_CONDITION = {
    "connections": (HANDED, True),
    "two that take turns": (HANDED[1:], False),
    "a barrier": ([(one, 20, 1.4, 5, 10 * (one == 103), 9) for one in (101, 102, 103)], False),
    "makers and takers": ([(101, 9, 1.0, 15, 10, 19), *HANDED[1:]], False),
    "another wakes them": ([(101, 9, 1.0, 5, 0, None), (102, 0, 0.0, None, 9, 9)], False),
}


@pytest.mark.parametrize("which", AT_A_CONDITION)
def test_things_that_are_handed_out_with_a_condition_are_told_from_other_uses(which):
    threads, handed_out = AT_A_CONDITION[which]
    found = measured({one: (0.0, 0.0, "f") for one in (101, 102, 103)}, notes=gate(*threads))
    assert [lock.name for lock in found.locks] == [IN_CONDITION] * handed_out
    if handed_out:
        assert found.locks[0].waits == {"Thread-102": near(1.4), "Thread-103": near(1.5)}


def test_sleeps_that_nobody_asked_for_are_those_of_a_locked_database():
    asked = ["wait", 101, 50.0, 50.6, "asleep", "", None, None]
    threads = {101: (0.0, 0.0, "s"), 102: (0.0, 0.0, "s")}
    notes = [asked, ["wait", 102, 50.0, 52.0, "asleep", "", None, None]]
    found = shares(threads, notes=[*notes, ["sqlite"]])
    assert found["Thread-101"]["lock"] == near(0.7)
    assert found["Thread-101"]["asleep"] == near(0.3)
    assert found["Thread-102"]["asleep"] == near(1.0)
    without = shares(threads, notes=notes)
    assert without["Thread-101"]["asleep"] == near(1.0)
    locks = measured(threads, notes=[*notes, ["sqlite"]]).locks
    assert [(lock.name, list(lock.waits)) for lock in locks] == [(DATABASE, ["Thread-101"])]
    assert locks[0].longest == near(1.4)


@pytest.mark.parametrize(("rests", "short"), [(0.05, True), (0.5, False)])
def test_a_server_that_never_rests_is_short_of_threads(rests, short):
    threads = {number: (0.0, 0.0, "i") for number in (101, 102, 103, 104)}
    slept = ["wait", 101, 50.0 + 2 * rests, 52.0, "asleep", "", None, None]
    served = [["served", 101, "accept", "here"]]
    served += [["served", number, "connect", "here"] for number in (102, 103, 104)]
    found = measured(threads, notes=[slept, *served]).pools
    assert [(one.size, one.clients) for one in found] == [(1, 3)] * short
    if short:
        assert found[0].backlog == near(2.0)


def test_sleeps_that_last_a_little_longer_are_no_waits_for_a_database():
    short = [["short", 50.06 + at * 0.06, 101, "asleep", "", 0.042, 80] for at in range(33)]
    found = shares({101: (0.0, 0.0, "s")}, notes=[["sqlite"], *short])
    assert found["Thread-101"].get("lock", 0.0) < 0.05
    assert found["Thread-101"]["asleep"] > 0.9
