"""Every claim of chapter 15, decided here as a learner would; and every check over made-up rows."""

import pytest
from deciding import measured, verdict

from pvt import course, host
from pvt.claims import Rows
from pvt.course.no_gil import (
    compared,
    false_sharing,
    free_price,
    free_safe,
    free_sum,
    free_threads,
    gil_again,
    handed,
    interpreter_cost,
    interpreter_crash,
)
from pvt.tools import elsewhere
from pvt.tools.elsewhere import FREE, GIL

ABLE = compared.able() is not None
IS_FREE = FREE in elsewhere.builds()


def of_a_free_threaded_python(name, *values):
    """The entry; where there is no such Python: not decided, a recorded run, and the command that gets one."""
    entry = measured(name)
    if IS_FREE:
        assert entry.value in (*values, "not decided")
        assert entry.because.startswith("Python 3.")
    else:
        assert entry.value == "not decided"
        assert compared.GET in entry.because and "On a recorded Python 3." in entry.because
    return entry


def test_nogil_threads_faster():
    assert "threads" in of_a_free_threaded_python("nogil.threads-faster", "holds").because


def test_nogil_single_thread():
    entry = measured("nogil.single-thread")
    missing = ("two builds of one version", "no free-threaded Python was found")
    assert entry.value == "holds" or IS_FREE or any(text in entry.because for text in missing)


def test_nogil_plus_equals():
    assert "additions lost" in of_a_free_threaded_python("nogil.plus-equals", "holds").because


def test_nogil_own_operations():
    of_a_free_threaded_python("nogil.own-operations", "holds")


def test_nogil_iterator():
    of_a_free_threaded_python("nogil.iterator", "fails")


def test_nogil_iterator_lock():
    assert verdict("nogil.iterator-lock").value == "holds"


def test_nogil_extension():
    of_a_free_threaded_python("nogil.extension", "holds")


def test_nogil_extension_unnoticed():
    of_a_free_threaded_python("nogil.extension-unnoticed", "fails")


def test_nogil_locked_sum():
    of_a_free_threaded_python("nogil.locked-sum", "fails")


def test_nogil_sum_each():
    of_a_free_threaded_python("nogil.sum-each", "holds")


def test_nogil_false_sharing():
    entry = measured("nogil.false-sharing")
    assert "bytes apart" in entry.because or entry.because.startswith(
        ("no C", "the C", "this needs")
    )


def of_interpreters(name, python=None):
    entry = measured(name, python)
    assert entry.because.startswith(("Python 3.", "this needs")) or (
        not ABLE and compared.GET_314 in entry.because
    )
    return entry


def test_interpreters_parallel():
    measured("interpreters.parallel")


def test_interpreters_anything(python):
    assert of_interpreters("interpreters.anything", python).value == "fails" or not ABLE


def test_interpreters_same_list():
    assert of_interpreters("interpreters.same-list").value == "fails" or not ABLE


def test_interpreters_birth():
    assert "interpreter" in of_interpreters("interpreters.birth").because


def test_interpreters_lighter():
    of_interpreters("interpreters.lighter")


def test_interpreters_queue():
    of_interpreters("interpreters.queue")


def test_interpreters_exception():
    assert of_interpreters("interpreters.exception").value == "holds" or not ABLE


def test_interpreters_crash():
    assert of_interpreters("interpreters.crash").value == "fails" or not ABLE


def check(name, claim):
    return next(one.check for one in course.load(name).CLAIMS if one.id == claim)


HEAD = {"build": FREE, "python": "3.14.1t", "recorded": False}


def done(operation, missing=0, twice=0, ending="finished", **more):
    row = free_safe.lost(operation, 1, 2, 100, missing, twice, 0.1)
    return HEAD | row | {"ending": ending} | more


@pytest.mark.parametrize(
    ("claim", "rows", "answer"),
    [
        ("nogil.plus-equals", [done("counter += 1", 7)], True),
        ("nogil.plus-equals", [done("counter += 1")], False),  # of a "can": not decided
        ("nogil.own-operations", [done("list.append"), done("dict[key] = value")], True),
        ("nogil.own-operations", [done("list.append", 1)], False),
        ("nogil.own-operations", [done("list.append", ending="it ended with -11")], False),
        ("nogil.iterator", [done("shared iterator", 0, 3)], False),
        ("nogil.iterator", [done("shared generator", ending="it ended with -11")], False),
        ("nogil.iterator", [done("shared iterator")], None),
        ("nogil.iterator-lock", [done("iterator, lock")], True),
        ("nogil.iterator-lock", [done("iterator, lock", 1)], False),
        ("nogil.plus-equals", [done("counter += 1", 7, recorded=True)], None),
        ("nogil.plus-equals", [done("counter += 1", 7, build=GIL)], None),
    ],
)
def test_losses_decide(claim, rows, answer):
    assert check("free_safe", claim)(rows)[0] is answer


def safe(free=(), locked=()):
    return [
        done(one, int(one in gone), build=build)
        for build, gone in ((GIL, locked), (FREE, free))
        for one in free_safe.OPERATIONS
    ]


@pytest.mark.parametrize(
    ("free", "locked", "at"),
    [
        (["counter += 1"], [], 0),
        (["counter += 1", "list.append"], [], 1),
        ([], [], 2),
        (["counter += 1"], ["shared iterator"], 3),
    ],
)
def test_the_outcome_is_what_loses(free, locked, at):
    assert free_safe.outcome(safe(free, locked)) == free_safe.OUTCOMES[at]
    assert free_safe.outcome(safe()[:3]) is None


def prices(free, versions=("3.14.1t", "3.14.1"), recorded=False):
    return [
        {"build": build, "python": version, "recorded": recorded, "work": name, "each": each}
        for build, version, each in ((FREE, versions[0], free), (GIL, versions[1], 1e-7))
        for name in free_price.WORK
    ]


@pytest.mark.parametrize(
    ("rows", "answer", "because"),
    [
        (prices(1.3e-7), True, "loop 1.30"),
        (prices(1.0e-7), None, "too close"),
        (prices(0.8e-7), False, "loop 0.80"),
        (prices(1.3e-7, ("3.14.1t", "3.12.1")), None, "not two builds of one version"),
        (prices(1.3e-7, recorded=True), None, compared.GET),
    ],
)
def test_a_price_needs_two_builds_of_one_version(rows, answer, because):
    said = free_price.slower(rows)
    assert said[0] is answer and because in said[1]


def sums(locked, own, cores=2, others=0.0):
    rows = [
        HEAD
        | {"round": number, "way": way, "workers": size, "seconds": 0.1 / (gain if size > 1 else 1)}
        | {"exact": True, "cores": cores}
        for number in range(6)
        for way, gain in (("one sum, lock", locked), ("a sum each", own))
        for size in (1, 2)
    ]
    return Rows(rows, others)


@pytest.mark.parametrize(
    ("rows", "one", "each"),
    [
        (sums(0.5, 1.9), False, True),
        (sums(0.5, 1.9, cores=1), None, None),
        (sums(0.5, 1.0, others=1.0), None, None),
        (sums(1.5, 1.9, others=1.0), True, True),
        (sums(0.3, 1.9, others=1.0), False, True),
        (sums(1.5, 1.9, others=1.7), None, None),
        (sums(1.2, 1.2), None, None),
    ],
)
def test_sums_decide(rows, one, each):
    assert check("free_sum", "nogil.locked-sum")(rows)[0] is one
    assert check("free_sum", "nogil.sum-each")(rows)[0] is each


def test_the_outcome_of_the_sums():
    assert free_sum.outcome(sums(0.5, 1.9)) == free_sum.OUTCOMES[1]
    assert free_sum.outcome(sums(0.5, 0.9)) == free_sum.OUTCOMES[2]
    assert free_sum.outcome(sums(0.5, 1.9, others=1.0)) is None


def imports(after=True, warned=True, declared_after=False):
    row = HEAD | {"before": False, "forced": False, "warned": False}
    return [
        row | {"name": "json (library)", "declared": True, "after": declared_after},
        row | {"name": "extension, silent", "declared": False, "after": after, "warned": warned},
        row | {"name": "forced", "declared": False, "after": False, "forced": True},
    ]


def test_imports_decide():
    back, unnoticed = (check("gil_again", one.id) for one in gil_again.CLAIMS)
    assert back(imports())[0] is True and "keeps it off" in back(imports())[1]
    assert back(imports(after=False))[0] is False
    assert back(imports()[:1])[0] is None
    assert unnoticed(imports())[0] is False
    assert unnoticed(imports(warned=False))[0] is True
    assert unnoticed(imports(after=False))[0] is None
    assert gil_again.outcome(imports()) == gil_again.OUTCOMES[2]
    assert gil_again.outcome(imports(declared_after=True)) == gil_again.OUTCOMES[3]


def shared_work(build, **gains):
    """Rows of one build as chapter 06's experiment gives them."""
    rows = []
    for number in range(6):
        for worker, gain in {"main": 1.0, **gains}.items():
            seconds = 0.02 / gain
            row = {"round": number, "worker": worker, "workers": 1 + (worker != "main")}
            row |= {
                "seconds": seconds,
                "used": seconds * max(1.0, gain),
                "job": "Python",
                "alone": 0,
            }
            rows.append(row | {"cores": 2, "gil": build == GIL})
    return Rows((HEAD | {"build": build} | row for row in rows), 0.0)


@pytest.mark.parametrize(
    ("locked", "free", "at"),
    [
        ({"thread": 1.0, "process": 1.9}, {"thread": 1.9, "process": 1.9}, 0),
        ({"thread": 1.0, "interpreter": 1.9, "process": 1.9}, {"thread": 1.9, "process": 1.9}, 1),
        ({"thread": 1.9, "process": 1.9}, {"thread": 1.9, "process": 1.9}, 2),
        ({"thread": 1.0, "process": 1.9}, {"thread": 1.0, "process": 1.9}, 3),
        ({"thread": 1.0, "process": 1.0}, {"thread": 1.0, "process": 1.0}, None),
    ],
)
def test_the_outcome_is_who_is_faster_under_which_python(locked, free, at):
    rows = Rows([*shared_work(GIL, **locked), *shared_work(FREE, **free)], 0.0)
    assert free_threads.outcome(rows) == (None if at is None else free_threads.OUTCOMES[at])
    threads = check("free_threads", "nogil.threads-faster")(rows)
    assert threads[0] is (None if at is None else at != 3)


def test_interpreters_are_asked_of_the_build_with_a_gil():
    rows = shared_work(GIL, thread=1.0, interpreter=1.9, process=1.9)
    assert free_threads.parallel(rows)[0] is True
    assert free_threads.parallel(shared_work(GIL, thread=1.0, process=1.9))[0] is None


def distances(near, others=0.0, physical=2, cores=2):
    seconds = {8: near, 64: 1.0, 128: 1.0, 1_024: 1.0}
    here = {"cores": cores, "physical": physical, "why": None}
    rows = [
        {"round": number, "apart": apart, "seconds": seconds[apart], **here}
        for number in range(6)
        for apart in seconds
    ]
    return Rows(rows, others)


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        (distances(4.0), True),
        (distances(1.0), False),
        (distances(1.0, physical=1), None),
        (distances(4.0, cores=1), None),
        (distances(4.0, others=1.0), None),
    ],
)
def test_distances_decide(rows, answer):
    assert false_sharing.disturbs(rows)[0] is answer
    assert "8 bytes apart it took" in false_sharing.disturbs(rows)[1]


@pytest.mark.parametrize(
    ("known", "halves", "chosen"),
    [
        ([0, 1, 2, 3], ({0, 1}, {2, 3}), [0, 2]),
        ([0, 1], ({0, 1},), [0, 1]),
        ([0, 1, 2], None, [0, 1]),
        ([4], ({4},), [4]),
        ([], None, []),
    ],
)
def test_the_two_cores_are_not_halves_of_one_where_that_is_known(
    monkeypatch, known, halves, chosen
):
    def physical(allowed):
        return halves and sum(bool(one.intersection(allowed)) for one in halves)

    monkeypatch.setattr(false_sharing.timing, "allowed", lambda: known)
    monkeypatch.setattr(false_sharing, "cores_physical", physical)
    assert false_sharing.two_apart() == chosen


def test_without_a_compiler_false_sharing_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    rows = list(false_sharing.run())
    assert false_sharing.disturbs(rows) == (None, "no C compiler was found here.")
    assert "no C compiler" in false_sharing.sentence(rows)


def says_that_it_is_recorded(module, rows):
    """In as few words as every sentence has."""
    sentence = module.sentence(rows)
    assert "recorded elsewhere" in sentence and len(sentence.split()) <= 25


def test_without_a_free_threaded_python_a_recorded_run_is_shown_and_decides_nothing(monkeypatch):
    monkeypatch.setattr(host, "pythons", dict)
    monkeypatch.setattr(host, "is_free_threaded", lambda: False)
    assert set(elsewhere.builds()) == {GIL}
    for name in compared.RECORDED[FREE]:
        rows = list(compared.recorded(name))
        assert all(row["recorded"] for row in rows)
        assert {row["build"] for row in rows} == ({FREE, GIL} if name == "free_price" else {FREE})
        says_that_it_is_recorded(course.load(name), rows)
        for claim in course.load(name).CLAIMS:
            if claim.id not in ("nogil.iterator-lock", "interpreters.parallel"):
                answer, because = claim.check(rows)
                assert answer is None and compared.GET in because


def test_without_interpreters_a_recorded_run_is_shown_and_decides_nothing(monkeypatch):
    monkeypatch.setattr(host, "pythons", dict)
    monkeypatch.setattr(host, "interpreters", lambda: None)
    for module in (handed, interpreter_cost, interpreter_crash):
        rows = list(module.run())
        assert rows[0]["recorded"]
        says_that_it_is_recorded(module, rows)
        for claim in module.CLAIMS:
            answer, because = claim.check(rows)
            assert answer is None and compared.GET_314 in because


def test_a_python_that_dies_under_an_operation_is_a_row(monkeypatch):
    def dies(*_, **__):
        raise RuntimeError("it ended with -11")
        yield

    monkeypatch.setattr(elsewhere, "rows", dies)
    rows = list(free_safe.run(times=1_000))
    assert {row["ending"] for row in rows if not row["recorded"]} == {"it ended with -11"}
    assert "crashed" in free_safe.sentence(rows)
