"""The scheduler's seat without a browser: what its state shows after each move."""

import time

import pytest

import pvt
from pvt.learner import journal
from pvt.stepper.puzzles import load

pytestmark = pytest.mark.usefixtures("nothing_left")


def wait(view):
    while view.working:
        time.sleep(0.005)


def seat(program="lost_update", **given):
    view = pvt.step(program, **given)
    wait(view)
    return view


def do(view, *moves):
    for move in moves:
        view.asked(view, {"do": "step", "thread": move} if isinstance(move, int) else move)
    wait(view)
    return view.state


def test_the_first_scene():
    state = seat().state
    assert (state["title"], state["world"], state["schedule"]) == (
        "The lost visitor",
        "language",
        "[]",
    )
    assert [lane["name"] for lane in state["lanes"]] == ["door", "door"]
    assert all(lane["can"] and lane["bytecode"] == "LOAD_ATTR visitors" for lane in state["lanes"])
    assert [line["text"] for line in state["lanes"][0]["code"] if line["now"]] == [
        "    shared.visitors += 1"
    ]
    assert state["shared"] == [{"name": "visitors", "before": "0", "after": "0", "changed": False}]


def test_the_counter_breaks_and_undo_goes_back():
    view = seat()
    state = do(view, 0, 1, 1)
    assert {"name": "visitors", "before": "0", "after": "1", "changed": True} in state["shared"]
    assert "visitors is now 1" in state["status"]
    state = do(view, 0)
    assert state["schedule"] == "[0, 1, 1, 0]"
    assert (state["verdict"]["good"], state["verdict"]["word"]) == (False, "broken:")
    assert "World: anything the language allows" in state["verdict"]["said"]
    assert do(view, {"do": "undo"})["schedule"] == "[0, 1, 1]"
    assert view.state["verdict"] is None
    assert do(view, {"do": "restart"})["schedule"] == "[]"


def test_a_step_that_is_not_possible_is_refused_with_the_reason():
    view = seat("two_locks", grain="bytecode")
    state = do(view, 0, 0, 0, 0, 1, 1)
    assert state["schedule"] == "[0, 0, 0, 0, 1]"
    assert (
        "Not possible: step 6: thread 1 is waiting for the lock bob that thread 0 holds"
        in state["status"]
    )
    assert (state["lanes"][1]["state"], state["lanes"][1]["can"]) == ("blocked", False)


def test_find_and_prove():
    view = seat()
    assert "This schedule ends in “broken”" in do(view, {"do": "find"})["status"]
    state = do(view, {"do": "prove"})
    assert (state["verdict"]["word"], state["verdict"]["good"]) == ("fails:", False)
    state = do(view, {"do": "restart"}, {"do": "prove"})
    state = do(view, {"do": "set", "world": "interpreter", "grain": "access"})
    state = do(view, {"do": "prove"})
    assert (state["verdict"]["word"], state["verdict"]["good"]) == ("holds:", True)
    assert "what this interpreter does" in state["verdict"]["said"]
    assert "No bad schedule" in do(view, {"do": "find"})["status"]


def test_the_interpreter_says_why_a_thread_must_wait():
    lanes = do(seat(world="interpreter"), 0)["lanes"]
    assert lanes[0]["can"]
    assert lanes[1]["why"] == "must wait: this interpreter lets no other thread in here"


def test_grains_and_typed_schedules():
    view = seat()
    do(view, {"do": "find"})
    plan = view.schedule
    state = do(view, {"do": "set", "world": "language", "grain": "bytecode"})
    assert len(view.schedule) >= len(plan)
    assert state["ending"] == "broken"
    assert do(view, {"do": "schedule", "text": state["schedule"]})["ending"] == "broken"
    assert (
        "is not a list of thread numbers" in do(view, {"do": "schedule", "text": "0, x"})["status"]
    )
    assert do(view, {"do": "set", "world": "language", "grain": "line"})["schedule"] == "[]"
    assert do(view, {"do": "end"})["ending"] == "safe"


def test_moves_made_meanwhile_wait_and_others_are_not_heard():
    view = pvt.step("lost_update")
    do(view, {"do": "find"}, 0, 1, {"do": "prove"}, 1, 0)
    assert view.schedule == [0, 1, 1, 0]


def test_stop_ends_a_long_search():
    view = seat("lost_wakeup")
    view.asked(view, {"do": "prove"})
    while "tried" not in view.state["status"]:
        time.sleep(0.01)
    begin = time.monotonic()
    state = do(view, {"do": "stop"})
    assert time.monotonic() - begin < 5  # the bench measures the promised 0.2 s
    assert "Stopped before the end" in state["status"]
    assert state["verdict"]["word"] == "not decided:"


def test_a_program_that_cannot_run_is_shown_with_the_reason():
    state = seat("def setup():\n    pass\n").state
    assert "the program has no THREADS" in state["diagram"]
    assert state["ending"] == "error"
    assert state["verdict"]["good"] is False


@pytest.mark.parametrize("name", ("barrier", "semaphore", "philosophers", "home_made_lock"))
def test_every_puzzle_can_be_sat_at(name):
    view = seat(name)
    state = do(view, {"do": "find"})
    assert state["verdict"]["good"] is False
    plan = view.schedule
    assert do(view, {"do": "schedule", "text": str(plan)})["ending"] in ("broken", "deadlock")
    state = do(view, {"do": "set", "world": "language", "grain": "bytecode"})
    assert state["ending"] in ("broken", "deadlock")
    assert do(view, {"do": "undo"})["verdict"] is None


def test_autorun_shows_a_finished_picture(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.setenv("PVT_AUTORUN", "1")
    view = pvt.step("two_locks")
    assert "deadlock" in shown[0].data
    assert not view.working


def test_a_puzzle_broken_by_hand_is_kept_once_and_one_that_was_found_is_not(record):
    view = seat()
    do(view, 0, 1, 1, 0)
    do(view, {"do": "undo"}, 0)
    (row,) = journal.read().rows
    assert (row["broken"], row["ending"], row["schedule"]) == (
        "lost_update",
        "broken",
        "[0, 1, 1, 0]",
    )
    found = seat("philosophers")
    do(found, {"do": "find"})
    do(found, {"do": "schedule", "text": found.state["schedule"]})
    own = seat(load("lost_update").broken)
    do(own, 0, 1, 1, 0)
    assert own.state["verdict"]["word"] == "broken:"
    assert len(journal.read().rows) == 1
    assert "1 puzzle broken by hand" in repr(pvt.record())


def test_where_the_record_cannot_be_written_the_stepper_goes_on_and_says_so(monkeypatch):
    monkeypatch.setenv("PVT_RECORD", "/dev/null/record.jsonl")
    state = do(seat(), 0, 1, 1, 0)
    assert state["verdict"]["word"] == "broken:"
    assert "Your record could not be written" in state["status"]
