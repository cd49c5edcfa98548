"""Made-up figures with a known truth: the first sentence is the right one, with its figure."""

import pytest

from pvt.watcher.diagnosis import LESSONS, diagnose
from pvt.watcher.figures import DATABASE, IN_QUEUE, Block, Figures, Lock, Pool, Worker, bound
from pvt.watcher.standstill import StandStill


def worker(name, process=1, kind="thread", begin=0.0, end=10.0, **parts):
    """A worker that lived for ten seconds; parts of its life by state."""
    life = end - begin
    seconds = {state: part * life for state, part in parts.items()}
    return Worker(name, kind, process, begin, end, seconds)


def crew(count, **parts):
    return [
        worker("MainThread", worker=1.0),
        *(worker(f"Thread-{at}", **parts) for at in range(count)),
    ]


MADE_UP = {
    "gil-bound": Figures(10, 2, 1.0, crew(4, python=0.25, gil=0.74, ready=0.01)),
    "lock-bound": Figures(
        10,
        2,
        0.1,
        crew(4, lock=0.7, asleep=0.3),
        locks=[
            Lock(
                "book", "line 6 of my.py", {f"Thread-{at}": 7.0 for at in range(4)}, 0.1, "Thread-1"
            )
        ],
    ),
    "pool-too-small": Figures(
        10, 2, 0.05, crew(2, io=0.98), pools=[Pool("Pool-0", 2, 9.0, 10.0, 0.98)]
    ),
    "loop-blocked": Figures(
        10,
        2,
        0.1,
        [
            worker("MainThread", asleep=0.9, io=0.1),
            worker("task Task-2 (polite)", kind="task", asleep=1.0),
        ],
        blocks=[Block("line 14 of my.py", "Task-3 (rude)", 4.0, 0.5, 8, 10.0, 2)],
    ),
    "oversubscribed": Figures(10, 2, 2.0, crew(64, c=0.03, ready=0.95, gil=0.02)),
    "pickling": Figures(
        10,
        2,
        1.2,
        [worker("MainThread", worker=1.0), worker("P-1", 2, "process", python=0.6)],
        pickling=8.0,
    ),
    "straggler": Figures(
        10,
        2,
        1.4,
        [
            worker("P-1", 2, "process", python=1.0),
            worker("P-2", 3, "process", python=0.4, worker=0.6),
        ],
        tail=6.0,
        tail_worker="P-1",
    ),
    "memory": Figures(
        10,
        2,
        0.2,
        [worker("P-1", 2, "process", asleep=1.0), worker("P-2", 3, "process", asleep=1.0)],
        sizes={"P-1": 300 << 20, "P-2": 310 << 20},
    ),
    "io-fine": Figures(10, 2, 0.1, crew(8, io=0.97, python=0.01)),
    "cpu-fine": Figures(
        10,
        2,
        1.95,
        [worker("P-1", 2, "process", python=0.98), worker("P-2", 3, "process", python=0.97)],
    ),
    "nothing": Figures(10, 2, 0.5, [worker("MainThread", python=0.5, worker=0.5)]),
    "unknown": Figures(10, 2, 0.5, [worker("MainThread", python=0.05, unknown=0.95)], traced=False),
}


@pytest.mark.parametrize("name", MADE_UP)
def test_the_first_sentence_is_the_right_one(name):
    first = diagnose(MADE_UP[name])[0]
    assert first.id == name
    assert any(letter.isdigit() for letter in first.text) or name == "nothing"


def test_every_id_has_a_lesson_and_a_case():
    assert set(MADE_UP) == set(LESSONS)


def test_the_sentence_names_chapter_and_claim():
    assert diagnose(MADE_UP["gil-bound"])[0].text.endswith("(06, gil.cpu-threads).")


def test_the_sentence_has_its_figures():
    first = diagnose(MADE_UP["gil-bound"])[0].text
    assert (
        "Four threads kept 1.0 of 2 cores busy and waited 74 % of their time for the GIL" in first
    )
    assert "line 14 of my.py" in diagnose(MADE_UP["loop-blocked"])[0].text
    assert "the lock book" in diagnose(MADE_UP["lock-bound"])[0].text


def test_at_most_three_sentences_the_greatest_part_first():
    spreads = Figures(
        10,
        2,
        1.0,
        crew(4, python=0.25, gil=0.45, lock=0.3),
        locks=[Lock("book", "line 6 of my.py", {f"Thread-{at}": 3.0 for at in range(4)})],
        pickling=5.0,
        tail=5.0,
        tail_worker="Thread-1",
        sizes={"P-1": 300 << 20, "P-2": 310 << 20},
    )
    found = diagnose(spreads)
    assert len(found) == 3
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert found[0].id == "gil-bound"


def test_on_one_core_nobody_is_sent_to_processes():
    one_core = Figures(10, 1, 1.0, crew(2, python=0.5, gil=0.5))
    assert "processes would not help" in diagnose(one_core)[0].text


def test_a_lock_that_one_thread_waits_for_is_no_bottleneck():
    alone = Figures(
        10, 2, 0.1, crew(4, asleep=1.0), locks=[Lock("book", "line 1 of my.py", {"Thread-1": 9.0})]
    )
    assert diagnose(alone)[0].id == "io-fine"


def one_waits(share=0.95, holder="Thread-0", longest=0.25, name="Thread-1", busy=0.1, **parts):
    """One worker waits for a lock that another mostly has."""
    parts = parts or {"asleep": 1.0}
    waiter = worker(name, lock=share, asleep=1.0 - share)
    others = [worker("Thread-0", **parts), worker("MainThread", worker=1.0)]
    lock = Lock("state", "line 4 of my.py", {name: 10 * share}, longest, holder)
    found = Figures(10, 2, busy, [others[0], waiter], locks=[lock])
    if name != "MainThread":
        found.workers.append(others[1])
    return diagnose(found)


def test_one_worker_that_another_keeps_out_is_held_up_by_the_lock():
    first = one_waits()[0]
    assert first.id == "lock-bound"
    start = "One worker waited 95 % of its time for the lock state, made in line 4 of my.py"
    assert first.text.startswith(start) and "most of it held by Thread-0" in first.text
    assert one_waits(name="MainThread")[0].id == "lock-bound"


@pytest.mark.parametrize(
    "parts",
    [
        {"share": 0.4},  # it has more to do than to wait
        {"holder": ""},
        {"holder": "Thread-1"},
        {"busy": 1.9, "c": 0.95},  # the cores are busy with what the other does
        {"busy": 1.0, "python": 0.95},  # without the lock it would wait for the GIL
        {"name": "MainThread", "longest": 9.0},  # it waits for the end of the other's work
    ],
)
def test_one_worker_at_a_lock_may_have_other_reasons(parts):
    assert "lock-bound" not in [one.id for one in one_waits(**parts)]


@pytest.mark.parametrize(
    ("still", "name", "text"),
    [
        (StandStill(4.5, ["P-1", "P-2"], ["MainThread"]), "lock-bound",
         "P-1 and P-2 waited for a lock, and MainThread for another worker"),
        (StandStill(4.5, ["task Task-1 (main)"], []), "lock-bound",
         "nobody could go on: Task-1 (main) waited for a lock. The lock is never let go"),
        (StandStill(4.5, [], ["MainThread"], 2, 4), "pool-too-small",
         "all two threads of the pool waited for other pieces of work, and 4 lay in its queue"),
        (StandStill(4.5, [], ["a", "b", "c", "d"]), "unknown",
         "nobody was at work: four workers waited for another worker. What was to end this"),
    ],
)  # fmt: skip
def test_a_stand_still_is_told_before_all_else(still, name, text):
    locks = [Lock("a lock between processes", "", {"P-1": 9.0, "P-2": 9.0}, 9.0)]
    workers = [worker(f"P-{at}", at, "process", lock=0.9, asleep=0.1) for at in (1, 2)]
    first, *more = diagnose(Figures(10, 2, 0.1, workers, locks=locks, still=still))
    assert (first.id, first.text[:18]) == (name, "For the last 4.50 ") and text in first.text
    assert not (still.locks and more)


@pytest.mark.parametrize(("busy", "waits", "name"), [
    (0.1, 6.0, "lock-bound"), (0.1, 0.5, "io-fine"), (1.9, 6.0, "cpu-fine")])  # fmt: skip
def test_a_few_things_in_a_queue_for_many_workers_are_as_a_lock(busy, waits, name):
    state = {"worker": waits / 10, "c" if busy > 1 else "asleep": 1.0 - waits / 10}
    lock = Lock(IN_QUEUE, "", {f"Thread-{at}": waits for at in range(5)}, 1.2)
    more = [worker(f"P-{at}", 3 + at, "process", c=0.7) for at in range(2 * (busy > 1))]
    first = diagnose(Figures(10, 2, busy, crew(5, **state) + more, locks=[lock]))[0]
    assert first.id == name
    if name == "lock-bound":
        assert "for one of the things that go back into a queue" in first.text
        assert "Put more there, or keep them for a shorter time (" in first.text


def often_locked(gil):
    """A lock around nothing but computing in Python, taken again and again."""
    lock = Lock("lock", "line 2 of my.py", {f"Thread-{at}": 5.0 for at in range(4)})
    workers = crew(4, python=0.25, gil=0.2, lock=0.5, ready=0.05)
    return Figures(10, 2, 1.0, workers, gil=gil, locks=[lock])


def test_a_lock_around_computing_is_not_the_bottleneck_where_there_is_a_gil():
    only = diagnose(often_locked(gil=True))
    assert [one.id for one in only] == ["gil-bound"]
    assert "50 % for a lock whose holder needs the GIL too" in only[0].text


def test_without_a_gil_it_is_the_lock():
    first = diagnose(often_locked(gil=False))[0]
    assert first.id == "lock-bound"
    assert "for lock, made in line 2 of my.py" in first.text


def test_threads_that_share_a_gil_are_not_too_many_for_the_cores():
    busy = Figures(10, 2, 0.2, crew(6, python=0.03, ready=0.87, gil=0.1), others=1.8)
    assert "oversubscribed" not in [one.id for one in diagnose(busy)]


@pytest.mark.parametrize("parts", [{"c": 0.2, "ready": 0.8}, {"python": 0.1, "ready": 0.9}])
def test_where_others_have_the_cores_it_does_not_say_that_these_are_busy(parts):
    workers = [worker(f"P-{at}", at, "process", **parts) for at in range(2)]
    first = diagnose(Figures(10, 2, 0.3, workers, others=1.7))[0]
    assert first.id == "cpu-fine"
    assert "other programs took 1.7 cores" in first.text
    assert "busy" not in first.text


@pytest.mark.parametrize(("parts", "gil", "said"), [
    ({"python": 0.13, "c": 0.02}, True, "They share one GIL"),
    ({"python": 0.02, "c": 0.13}, True, "Nothing of their own held them up"),
    ({"python": 0.13, "c": 0.02}, False, "Nothing of their own held them up")])  # fmt: skip
def test_who_shares_a_gil_would_be_held_up_by_it_with_all_cores_too(parts, gil, said):
    """As measured: stages of a pipeline in threads, beside programs that took 1.8 of 2 cores."""
    first = diagnose(
        Figures(10, 2, 0.3, crew(3, ready=0.59, worker=0.26, **parts), gil=gil, others=1.8)
    )[0]
    assert first.id == "cpu-fine" and said in first.text


def test_a_pool_of_processes_can_be_too_small_too():
    pool = Pool("pool 1", 2, 9.0, 10.0, 0.97, "process")
    waiting = [worker(f"P-{at}", at, "process", asleep=0.97) for at in range(2)]
    first = diagnose(Figures(10, 2, 0.1, waiting, pools=[pool]))[0]
    assert first.id == "pool-too-small"
    assert "9.0 pieces of work waiting on average, while its processes waited 97 %" in first.text


def test_a_small_pool_is_seen_though_others_have_the_cores():
    pool = Pool("Pool-0", 2, 9.0, 10.0, 0.4, ready=0.59)
    found = diagnose(Figures(10, 2, 0.05, crew(2, io=0.4, ready=0.59), pools=[pool], others=1.9))
    assert "pool-too-small" in [one.id for one in found]


def test_a_loop_that_blocks_nobody_is_not_blocked():
    alone = Figures(
        10,
        2,
        1.0,
        [worker("MainThread", python=1.0)],
        blocks=[Block("line 3 of my.py", "Task-1 (main)", 9.0, 9.0, 1, 10.0, 0)],
    )
    assert diagnose(alone)[0].id == "cpu-fine"


def test_the_gil_is_found_where_others_have_nearly_all_cores():
    """As measured: two threads that compute, beside programs that took 1.7 of 2 cores."""
    starved = Figures(16, 2, 0.3, crew(2, python=0.13, gil=0.18, ready=0.69), others=1.7)
    assert diagnose(starved)[0].id == "gil-bound"


def test_threads_that_never_wait_for_the_gil_are_too_many_for_the_cores():
    """As measured beside three others: what little they ran is taken for Python."""
    starved = Figures(20, 2, 0.5, crew(64, python=0.02, ready=0.98), others=1.5)
    assert diagnose(starved)[0].id == "oversubscribed"
    taking_turns = Figures(20, 2, 1.0, crew(64, python=0.016, ready=0.3, gil=0.684))
    assert diagnose(taking_turns)[0].id == "gil-bound"


def test_a_slower_core_makes_no_straggler():
    """As measured: the same loop in two processes, on two cores of a rented machine."""
    slow = worker("P-1", 2, "process", begin=0.07, end=2.08, python=0.97, ready=0.03)
    quick = worker("P-2", 3, "process", begin=0.07, end=1.43, python=1.0)
    main = worker("MainThread", begin=0.05, end=2.08, worker=1.0)
    uneven = Figures(2.2, 2, 1.56, [main, slow, quick], tail=0.65, tail_worker="P-1", others=0.09)
    (found,) = diagnose(uneven)
    assert found.id == "cpu-fine" and "only P-1 was at work" in found.text
    slow = worker("P-1", 2, "process", begin=0.1, end=2.07, python=0.99, ready=0.01)
    quick = worker("P-2", 3, "process", begin=0.1, end=1.24, python=0.97, ready=0.03)
    uneven = Figures(2.27, 2, 1.4, [main, slow, quick], tail=0.8, tail_worker="P-1", others=0.1)
    assert diagnose(uneven)[0].id == "cpu-fine"
    piece = worker("P-2", 3, "process", end=10.0, python=0.5, worker=0.5)
    longer = Figures(10, 2, 1.5, [worker("P-1", 2, "process", python=1.0), piece])
    longer.tail, longer.tail_worker = 2.5, "P-1"
    assert diagnose(longer)[0].id == "straggler"


def test_work_beside_others_is_not_at_once_a_straggler():
    uneven = [
        worker("P-1", 2, "process", python=0.9),
        worker("P-2", 3, "process", python=0.9, end=5.0),
    ]
    quiet = Figures(10, 2, 1.6, uneven, tail=3.0, tail_worker="P-1")
    beside = Figures(10, 2, 1.6, uneven, tail=3.0, tail_worker="P-1", others=1.0)
    assert diagnose(quiet)[0].id == "straggler"
    assert diagnose(beside)[0].id != "straggler"


def test_equal_work_of_which_one_had_half_the_core_is_no_straggler():
    """As measured: two equal processes beside a program that took 1.1 of 2 cores."""
    main = worker("MainThread", begin=0.1, end=3.6, worker=1.0)
    slow = worker("P-1", 2, "process", begin=0.1, end=3.58, python=0.63, ready=0.37)
    quick = worker("P-2", 3, "process", begin=0.1, end=1.91, python=0.83, ready=0.17)
    uneven = Figures(3.66, 2, 1.0, [main, slow, quick], tail=1.62, tail_worker="P-1", others=1.1)
    assert diagnose(uneven)[0].id in ("nothing", "cpu-fine", "unknown")


def test_equal_work_that_ends_unequally_beside_others_is_fine():
    """As measured: two equal processes beside a program that took 0.8 of 2 cores."""
    main = worker("MainThread", begin=0.1, end=2.6, worker=1.0)
    late = worker("P-1", 2, "process", begin=0.35, end=2.58, python=0.88, ready=0.12)
    early = worker("P-2", 3, "process", begin=0.35, end=1.65, python=0.88, ready=0.12)
    beside = Figures(2.62, 2, 1.2, [main, late, early], tail=0.9, tail_worker="P-1", others=0.8)
    assert diagnose(beside)[0].id == "cpu-fine"
    after = worker("P-2", 3, "process", begin=0.1, end=1.3, python=1.0)
    first = worker("P-1", 2, "process", begin=1.3, end=2.5, python=1.0)
    in_turn = Figures(2.62, 2, 1.0, [main, after, first], others=0.8)
    assert diagnose(in_turn)[0].id == "nothing"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "One task took pieces of work from one queue, in which 9.0 lay waiting on average. It"),
        (2, "Two tasks took pieces of work from one queue, in which 9.0 lay waiting on average. T"),
    ],
)
def test_a_pool_made_by_hand_is_told_as_what_it_is(size, text):
    pool = Pool("queue 1", size, 9.0, 10.0, 0.97, "task", by_hand=True)
    waiting = [worker(f"task {at}", 1, "task", asleep=0.97) for at in range(size)]
    first = diagnose(Figures(10, 2, 0.1, waiting, pools=[pool]))[0]
    assert first.id == "pool-too-small" and first.text.startswith(text)


def test_too_short_a_run_is_not_judged():
    assert (
        diagnose(Figures(0.05, 2, 1.0, [worker("MainThread", end=0.05, python=1.0)]))[0].id
        == "nothing"
    )


def test_of_what_did_not_begin_nothing_is_known():
    (only,) = diagnose(Figures(0.0, 1, 0.0))
    assert (only.id, only.text) == ("unknown", "Nothing was seen of it: it did not begin.")


def test_without_workers_nothing_is_known():
    assert diagnose(Figures(2.0, 2, 0.0, []))[0].id == "unknown"


def test_who_lived_for_a_moment_does_not_decide():
    """A process that ends at once, and a program that sleeps."""
    brief = worker("process (7)", 7, "process", end=0.01, python=1.0)
    (found,) = diagnose(Figures(10, 2, 0.1, [worker("MainThread", asleep=1.0), brief], others=1.9))
    assert found.id == "io-fine"


def test_one_that_runs_for_a_while_does_not_speak_for_those_that_wait():
    """As measured: four threads write files, beside programs that took 1.7 of 2 cores."""
    mine = crew(4, io=0.6, ready=0.28, c=0.12)
    mine.append(worker("Thread-4", end=0.8, c=0.3, ready=0.7))
    for others in (0.1, 1.7):
        first = diagnose(Figures(10, 2, 0.5, mine, others=others))[0]
        assert first.id == "io-fine" and first.text.startswith("Four workers waited 60 %")


def test_who_had_no_core_for_a_while_waits_with_the_others():
    mine = [*crew(2, asleep=0.95, c=0.05)]
    mine.append(worker("Thread-2", io=0.3, asleep=0.38, ready=0.25, c=0.07))
    text = diagnose(Figures(10, 2, 0.3, mine))[0].text
    assert text.startswith("Three workers waited 86 % of their time, at the same time")


def test_one_that_computes_is_told_also_beside_many_that_sleep():
    mine = [worker("MainThread", python=0.8, worker=0.2)]
    mine += [worker(f"Thread-{at}", asleep=1.0) for at in range(10)]
    first = diagnose(Figures(10, 2, 0.8, mine))[0]
    assert first.id == "cpu-fine" and first.text.startswith("One worker computed 80 %")


def test_many_brief_threads_that_wait_are_judged_where_nobody_lasts():
    first = diagnose(brief(2, 0.24, busy=0.1, asleep=1.0))[0]
    assert first.id == "io-fine" and first.text.startswith("80 workers waited 100 %")


def sent(pieces=9000, each=0.0001, idle=0.7, main=0.6, kind="process"):
    """A pool of processes that is sent so many pieces."""
    pool = Pool("pool 1", 2, 900.0, 9.0, 0.0, kind, pieces=pieces, each=each, idle=idle)
    mine = [worker(f"P-{at}", at, "process", worker=idle, c=1.0 - idle) for at in (2, 3)]
    mine.append(worker("MainThread", c=main, asleep=1.0 - main))
    return diagnose(Figures(10, 2, 1.0, mine, pools=[pool]))[0]


def test_pieces_that_are_done_sooner_than_sent_are_too_small():
    first = sent()
    assert first.id == "pickling" and "or a chunksize (03, talk.pickling)." in first.text
    start = "The pool's processes ran 0.10 ms for each of 9,000 pieces of work and waited 70 %"
    assert first.text.startswith(start)


@pytest.mark.parametrize(
    "other",
    [
        {"pieces": 90},
        {"each": 0.002},
        {"idle": 0.3},
        {"main": 0.1},  # it sends them slowly, and nobody has to wait for that
        {"kind": "thread"},
    ],
)
def test_pieces_may_be_as_they_should(other):
    assert sent(**other).id != "pickling"


def talked(messages=40_000, each=37, took=1.0, sent=0.5, seconds=4.0, **more):
    """What is said of processes that sent each other so many messages of so many bytes."""
    mine = [worker(f"P-{at}", at, "process", end=seconds, c=0.3, worker=0.6) for at in (2, 3)]
    found = Figures(seconds, 2, 3.5 / seconds, mine, pickling=took, sending=sent, **more)
    found.messages, found.pickled = messages, messages * each
    return diagnose(found)[0]


def test_many_small_messages_are_told_as_such():
    first = talked()
    start = "Processes spent 1.5 s, 43 % of all the time on a core, making, sending and reading"
    assert first.id == "pickling" and first.text.startswith(f"{start} 40,000 messages of about 37")
    assert "Send less often" in first.text
    few = talked(messages=100, each=240_000)  # what a message holds is what takes the time
    assert few.id == "pickling" and "turning 24 MB of objects into bytes" in few.text
    assert talked(took=0.2, sent=0.1).id != "pickling"


def test_objects_that_are_made_bytes_of_beside_long_waits_hold_up_nobody():
    assert talked(took=3.0, sent=0.0, seconds=60.0).id != "pickling"


def told_of_waits(*spans, listening=0):
    """What is said of threads that sleep in these spans of ten seconds."""
    found = [worker(f"Thread-{at}", begin=begin, end=end, asleep=1.0)
             for at, (begin, end) in enumerate(spans)]  # fmt: skip
    for one in found[:listening]:
        one.listens = True
    first = diagnose(Figures(10, 2, 0.1, found))[0]
    assert first.id == "io-fine"
    return first.text


def test_waits_at_the_same_time_are_counted_only_where_they_were():
    at_once, in_turn = "Three workers waited 100 % of their time, at the same time", "one wait"
    assert told_of_waits((0, 10), (0, 9), (1, 10)).startswith(at_once)
    assert told_of_waits((0, 8), (0, 8), (0, 8), (8.1, 9), (9, 10)).startswith(at_once)
    assert in_turn in told_of_waits((0, 5), (5, 10))
    assert in_turn in told_of_waits((0, 5.2), (5, 10))


def test_who_waits_for_others_in_between_waits_beside_them_all_the_same():
    """As measured: three meet at a barrier, and two, who take turns."""
    kinds = {"thread": "workers", "task": "tasks"}
    for kind, told in kinds.items():
        parts = ((1.0, 0.0), (0.67, 0.33), (0.33, 0.67))
        mine = [worker("MainThread", worker=1.0)]
        mine += [worker(f"{kind} {asleep}", kind=kind, asleep=asleep, worker=rest)
                 for asleep, rest in parts]  # fmt: skip
        text = diagnose(Figures(10, 2, 0.1, mine))[0].text
        assert text.startswith(f"Three {told} waited 67 % of their time, at the same time")
        assert "For another 33 % they waited for others" in text
    first = diagnose(Figures(10, 2, 0.1, crew(2, asleep=0.5, worker=0.5)))[0]
    assert first.id == "io-fine" and "50 % of their time, one wait after the other" in first.text
    first = diagnose(Figures(10, 2, 0.1, crew(3, asleep=0.03, worker=0.97)))[0]
    assert first.id == "nothing"  # they do hardly anything


def test_who_reads_what_another_process_writes_waits_for_that_one():
    assert told_of_waits((0, 10), (0, 10), listening=1).startswith("One worker waited")
    text = told_of_waits((0, 10), (0, 2), (2, 4), (4, 6), (6, 10), listening=1)
    assert text.startswith("Four workers waited 100 % of their time, one wait after the other")


@pytest.mark.parametrize(("end", "name"), [(3.0, "straggler"), (8.0, "io-fine")])
def test_a_long_task_at_the_end_is_a_straggler_also_on_one_core(end, name):
    tasks = [worker(f"task Task-{at} (get)", kind="task", end=end, asleep=1.0) for at in (2, 3)]
    tasks.append(worker("task Task-4 (get)", kind="task", asleep=1.0))
    found = Figures(10, 1, 0.1, [worker("MainThread", asleep=1.0), *tasks])
    found.tail, found.tail_worker = 6.9, "task Task-4 (get)"
    first = diagnose(found)[0]
    assert first.id == name
    assert name != "straggler" or "s only Task-4 (get) was at work" in first.text


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("book = threading.Lock()", "book"),
        ("    def __init__(self): super().__init__(); self._lock = threading.Lock()", "self._lock"),
        ("def make(self) -> None: self._lock = Lock()", "self._lock"),
        ("class Box: gate = Semaphore(2)", "gate"),
        ("def go(n, lock=threading.Lock()):", ""),
        ("async def go(lock=Lock()): await use(lock)", ""),
        ("q = queue.Queue(); L = threading.Lock()", "L"),
        ("ledger, guard = {}, Lock()", "guard"),
        ("locks = [Lock() for _ in range(3)]", "one of the locks locks"),
        ("use(Lock())", ""),
    ],
)
def test_the_name_of_a_lock_is_the_one_to_which_its_line_binds_it(line, name):
    assert bound(line + "\n") == name


def brief(width, step, busy=1.0, **parts):
    """40 times threads of a tenth of a second; `step` apart, `width` at once."""
    found = [worker("MainThread", worker=0.96, python=0.04)]
    for at in range(40):
        for number in range(width):
            begin = at * step
            found.append(worker(f"T-{at}-{number}", begin=begin, end=begin + 0.2, **parts))
    return Figures(10, 2, busy, found)


@pytest.mark.parametrize(
    ("made", "gil"),
    [
        (brief(2, 0.24, python=0.52, gil=0.48), True),
        (brief(2, 0.24, python=0.52, ready=0.33, gil=0.15), True),  # a core was free for them
        (brief(2, 0.24, python=0.52, ready=0.48, busy=1.9), False),
        (brief(2, 0.24, c=0.97), False),
        (brief(2, 0.24, asleep=1.0), False),
        (brief(1, 0.24, python=0.97, gil=0.03), False),  # one after the other
    ],
)
def test_brief_threads_are_judged_together(made, gil):
    assert (diagnose(made)[0].id == "gil-bound") == gil


def in_processes(processes, cores=2, end=10.0, **parts):
    """Processes with two threads each that compute in Python."""
    found = [worker("MainThread", worker=1.0)]
    for at in range(processes):
        for number in range(2):
            found.append(worker(f"P-{at} · T-{number}", at + 2, end=end, **parts))
    return Figures(10, cores, min(cores, processes) * end / 10, found)


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (in_processes(2, python=0.49, gil=0.5), "cpu-fine"),
        (in_processes(2, python=0.35, gil=0.35, ready=0.3), "cpu-fine"),  # others take some
        (in_processes(2, end=8.0, python=0.49, gil=0.5), "cpu-fine"),  # they are begun late
        (in_processes(2, cores=8, python=0.49, gil=0.5), "gil-bound"),
        (in_processes(1, python=0.49, gil=0.5), "gil-bound"),
        (in_processes(1, cores=1, python=0.49, gil=0.5), "gil-bound"),
    ],
)
def test_where_all_cores_are_in_use_no_gil_is_in_the_way(made, name):
    assert diagnose(made)[0].id == name


def test_threads_of_several_processes_are_counted_together():
    text = diagnose(in_processes(2, cores=8, python=0.49, gil=0.51))[0].text
    assert text.startswith("Four threads in two processes kept 2.0 of 8 cores busy and waited 51 %")


def test_brief_threads_are_told_as_what_they_are():
    text = diagnose(brief(2, 0.24, python=0.52, gil=0.48))[0].text
    start = "80 brief threads, about two at a time, kept 1.0 of 2 cores busy and waited 48 %"
    assert text.startswith(start)


def test_who_lived_for_a_moment_does_not_wait_for_the_gil():
    workers = crew(4, python=0.25, gil=0.74, ready=0.01)
    workers.append(worker("Thread-4", begin=5.0, end=5.01, python=0.3, gil=0.7))
    assert diagnose(Figures(10, 2, 1.0, workers))[0].text.startswith("Four threads")


@pytest.mark.parametrize(("tasks", "told"), [(1, "in Task-3 (rude)"), (3, "in three tasks")])
def test_a_line_that_several_tasks_share_is_charged_to_none_of_them(tasks, told):
    block = Block("line 2 of my.py", "Task-3 (rude)", 4.0, 0.5, 8, 10.0, 2, tasks)
    found = Figures(10, 2, 0.1, [worker("MainThread", asleep=1.0)], blocks=[block])
    assert f"line 2 of my.py ({told}) blocked it 8 times" in diagnose(found)[0].text


def test_pieces_that_are_computed_one_after_the_other_are_called_so():
    main = worker("MainThread", worker=0.97, c=0.03)
    loop = [
        main,
        *(
            worker(f"P-{at}", 2 + at, "process", at * 2.5, at * 2.5 + 2.4, python=0.98)
            for at in range(4)
        ),
    ]
    first = diagnose(Figures(10, 2, 0.9, loop, one_by_one=1.0))[0]
    assert first.id == "cpu-fine"
    assert "Four workers computed one after the other" in first.text
    assert "only then wait for their results" in first.text
    assert "GIL" not in first.text
    pool = [main, *(worker(f"P-{at}", 2 + at, "process", python=0.4, worker=0.6) for at in (0, 1))]
    in_turn = diagnose(Figures(10, 2, 0.8, pool, one_by_one=0.96))[0]
    assert "96 % of the time in which any of them computed" in in_turn.text
    at_once = diagnose(Figures(10, 2, 0.8, pool, one_by_one=0.55))[0]
    assert at_once.id == "nothing"
    assert "one after the other" not in at_once.text


def test_threads_that_compute_one_after_the_other_are_sent_to_processes():
    loop = [
        worker("MainThread", worker=1.0),
        *(worker(f"Thread-{at}", 1, "thread", at, at + 0.98, python=0.98) for at in range(10)),
    ]
    first = diagnose(Figures(10, 2, 0.97, loop, one_by_one=1.0))[0]
    assert "10 workers computed one after the other" in first.text
    assert "share one GIL" in first.text


def test_one_thread_that_serves_many_is_called_too_few():
    server = worker("server", asleep=0.96, io=0.02)
    clients = [worker(f"Thread-{at}", io=1.0) for at in range(10)]
    pools = [Pool("a server", 1, 9.0, 10.0, 0.98, clients=10)]
    first = diagnose(Figures(10, 2, 0.1, [server, *clients], pools=pools))[0]
    assert first.id == "pool-too-small"
    assert "One thread served 10 clients, of which 9.0 waited for their turn" in first.text
    assert "more would serve more clients at once" in first.text


def test_the_lock_of_a_database_is_told_with_what_to_do():
    waits = {f"Thread-{at}": 7.0 for at in range(4)}
    locks = [Lock(DATABASE, "", waits, 1.5)]
    first = diagnose(Figures(10, 2, 0.1, crew(4, lock=0.7, asleep=0.3), locks=locks))[0]
    assert first.id == "lock-bound"
    assert "waited 70 % of their time for the lock of a database of SQLite" in first.text
    assert "Commit sooner" in first.text


def test_pieces_that_wait_one_after_the_other_are_told_to_begin_together():
    pool = [worker("MainThread", worker=1.0), *crew(4, asleep=0.25, worker=0.75)[1:]]
    first = diagnose(Figures(10, 2, 0.1, pool))[0]
    assert first.id == "io-fine"
    assert "one wait after the other" in first.text
    assert "start all of them first" in first.text
    assert "sets the pace" not in first.text


def test_threads_that_compute_and_share_a_lock_are_not_too_many_for_the_cores():
    """As seen of four threads that do little but take one lock, beside a busy process."""
    found = diagnose(Figures(10, 2, 0.9, crew(4, python=0.22, ready=0.67, lock=0.1), others=1.0))
    assert [one.id for one in found] == ["gil-bound"]
    assert "waited 10 % of their time for a lock whose holder needs the GIL too" in found[0].text
