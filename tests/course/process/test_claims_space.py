"""Claims on address spaces and on walls between processes, decided here as a learner would; and
what /proc says."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pvt
from pvt import host, ledger
from pvt.course.process import confine, protect, space
from pvt.course.process import regions as listing
from pvt.course.process.regions import part_of, regions
from pvt.tools.forked import NOBODY, may_become
from tests.helpers.deciding import verdict

PROC = host.lacking(("/proc",)) is None
DECIDED = "holds" if PROC else "not decided"
ROOT_FOLDER = str(Path(__file__).parents[3])
needs_proc = pytest.mark.skipif(not PROC, reason="needs /proc")


def test_process_address_space(python):
    entry = verdict("process.address-space", python=python)
    assert entry.value == "holds"
    assert re.search(r"has 1111, process \d+ has 2222", entry.because)


def test_process_four_segments(python):
    entry = verdict("process.four-segments", python=python)
    assert entry.value == DECIDED
    assert not PROC or "The picture leaves out" in entry.because


def test_thread_own_stack(python):
    entry = verdict("thread.own-stack", python=python)
    assert entry.value == DECIDED
    assert not PROC or "3 threads lie on 3 stacks" in entry.because


def test_process_protected(python):
    """What is right depends on who we are and on the kernel's rules: this test looks for itself."""
    entry = verdict("process.protected", python=python)
    if not PROC:
        assert entry.value == "not decided"
    elif reads_a_child():
        assert entry.value == "fails"
        assert "its parent (" in entry.because and "permission, not physics" in entry.because
    else:
        assert entry.value in ("holds", "fails")


def reads_a_child():
    """Whether the memory of a child can be read here: the first bytes of its program, by a way
    of our own."""
    command = [sys.executable, "-c", "print('ready', flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        try:
            begin = int(regions(child.pid)[0]["begin"], 16)
            with open(f"/proc/{child.pid}/mem", "rb", buffering=0) as memory:
                memory.seek(begin)
                return memory.read(4) == b"\x7fELF"
        except OSError:
            return False
        finally:
            child.kill()


def test_process_walled(python):
    entry = verdict("process.walled", python=python)
    assert entry.value == "holds"
    assert "SIGSEGV" in entry.because or "SIGBUS" in entry.because


def test_process_security(python):
    entry = verdict("process.security", python=python)
    assert entry.value == "holds"
    assert "isolation has to be asked for" in entry.because


def test_thread_own_limits(python):
    assert verdict("thread.own-limits", python=python).value == "fails"


@needs_proc
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_the_regions_are_those_of_proc_and_pmap(start):
    """The second process sits still: what the rows say is compared with the system while it
    lives."""
    code = "import json, sys\nfrom pvt.course.process import space\n"
    code += "import tests.course.process.test_claims_space as here\n"
    code += f"if __name__ == '__main__': here.compare(space.run(threads=3, start={start!r}))"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT_FOLDER, timeout=60
    )
    assert ended.returncode == 0, ended.stderr


def compare(running):
    """Read rows until the second process has all of its own; then ask /proc and pmap about it."""
    rows = []
    for row in running:
        if row["process"] == "second" and row["what"] == "variable":
            break
        rows.append(row)
    mine = [row for row in rows if row["process"] == "second"]
    seen = {(int(row["begin"], 16), row["bytes"], row["rights"]) for row in mine}
    assert len(mine) > 20
    with open(f"/proc/{mine[0]['pid']}/maps") as file:
        listed = [re.match(r"(\w+)-(\w+) (\S+)", line).groups() for line in file]
    assert seen == {
        (int(begin, 16), int(end, 16) - int(begin, 16), rights) for begin, end, rights in listed
    }
    if shutil.which("pmap"):
        compare_pmap(mine)
    list(running)


def compare_pmap(rows):
    printed = subprocess.run(
        ["pmap", str(rows[0]["pid"])], capture_output=True, text=True, check=True
    ).stdout
    fields = {
        int(begin, 16): int(size)
        for begin, size in re.findall(r"^([0-9a-f]{8,16}) +(\d+)K ", printed, re.MULTILINE)
    }
    assert {
        int(row["begin"], 16): row["bytes"] // 1024 for row in rows if row["part"] != "kernel"
    }.items() <= fields.items()


@needs_proc
def test_the_parts_of_this_process():
    parts = {region["part"] for region in regions(os.getpid())}
    assert {"code", "data", "heap", "stack", "libraries"} <= parts


def test_zeroed_data_lies_behind_the_programs_data():
    below = {"part": "data", "end": "0x2000"}
    assert part_of({"name": "", "rights": "rw-p", "begin": "0x2000"}, below, "/bin/x") == "data"
    assert part_of({"name": "", "rights": "rw-p", "begin": "0x3000"}, below, "/bin/x") == "mapped"
    assert part_of({"name": "", "rights": "---p", "begin": "0x3000"}, below, "/bin/x") == "reserved"


def test_spawned_processes_meet_at_an_address_too():
    run = pvt.run("space", start="spawn")
    assert run.ending == "finished"
    assert space.outcome(run.rows) in space.OUTCOMES[1:]


def test_without_proc_there_are_clear_sentences(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "/proc")
    for name in ("process.four-segments", "thread.own-stack", "process.protected"):
        entry = ledger.verdict(name)
        assert (entry.value, entry.because) == (
            "not decided",
            "this needs /proc, which is not here.",
        )
    assert ledger.verdict("process.address-space").value == "holds"


def test_without_fork_there_are_clear_sentences(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "fork")
    for name in ("process.protected", "process.walled", "process.security", "thread.own-limits"):
        entry = ledger.verdict(name)
        assert (entry.value, entry.because) == (
            "not decided",
            "this needs fork, which is not here.",
        )


def test_a_system_that_lists_no_regions_still_shows_the_address():
    """As on macOS: the rows that come without /proc, taken from a real run."""
    rows = [row for row in pvt.run("space").rows if row["what"] == "variable"]
    bare = [row | dict.fromkeys(space.KEYS) | {"name": row["name"]} for row in rows]
    assert space.address_space(bare)[0] is True
    assert space.sentence(bare).startswith("This system does not list the regions. At address 0x")


def test_shared_memory_would_fail_the_claim():
    pair = [
        {"process": which, "pid": 1, "what": "variable", "name": "number"}
        for which in ("first", "second")
    ]
    same = [row | {"address": "0x10", "value": 5} for row in pair]
    assert space.address_space(same)[0] is False
    gone = [same[0], pair[1] | {"address": None, "value": None}]
    assert space.address_space(gone)[0] is None


def tried(who, reads_it, scope, way="ptrace"):
    answer = {True: "reads it", False: "EPERM", None: "ENOSYS"}[reads_it]
    return {"who": who, "way": way, "reads_it": reads_it, "answer": answer, "ptrace_scope": scope}


@pytest.mark.parametrize(
    ("rows", "answer", "outcome", "expected"),
    [
        (
            [tried("its parent", True, 1), tried("same user", False, 1)],
            False,
            1,
            "refuses same user. ",
        ),
        (
            [tried("its parent", False, 2), tried("same user", False, 2)],
            True,
            0,
            "ptrace_scope is 2",
        ),
        (
            [tried("same user", True, 0), tried("same user, door shut", False, 0)],
            False,
            2,
            "for same user (ptrace)",
        ),
        (
            [tried("root", True, None), tried("another user", False, None)],
            False,
            1,
            "for root (ptrace)",
        ),
        ([tried("root", False, 3), tried("same user", False, 3)], True, 0, "ptrace_scope is 3"),
        ([tried("same user", None, None)], None, 0, "none of the three ways"),
        ([tried("same user", False, None, way="its address")], None, 0, "none of the three ways"),
    ],
)
def test_who_may_read_under_other_rules(rows, answer, outcome, expected):
    """Kernels with other rules than this one, as rows."""
    assert protect.protected(rows)[0] is answer
    assert protect.outcome(rows) == protect.OUTCOMES[outcome]
    assert expected in protect.protected(rows)[1]


def test_an_address_that_led_to_the_secret_would_fail_the_claim():
    assert protect.walled([tried("same user", True, 0, way="its address")])[0] is False


ROOT = hasattr(os, "geteuid") and may_become(NOBODY)
needs_root = pytest.mark.skipif(not (PROC and ROOT), reason="needs root and /proc")


@needs_root
def test_root_may_and_another_user_may_not():
    by = {row["who"]: row for row in pvt.run("protect").rows if row["way"] == "process_vm_readv"}
    assert set(by) == {"root", "its parent", "same user", "same user, door shut", "another user"}
    assert by["another user"]["answer"] == by["same user, door shut"]["answer"] == "EPERM"


@needs_root
@pytest.mark.parametrize("name", ["protect", "confine"])
def test_an_ordinary_user_gets_an_ordinary_users_rows(name):
    code = f"""import json, os, resource, tempfile
from pvt.course.process import {name}
from pvt.tools.forked import NOBODY, in_a_child
tempfile.tempdir = tempfile.mkdtemp()
os.chmod(tempfile.tempdir, 0o777)
print(json.dumps(in_a_child(lambda: list({name}.run()), user=NOBODY)))"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT_FOLDER, timeout=60
    )
    rows, death = json.loads(ended.stdout)
    assert death == "", ended.stderr
    if name == "protect":
        assert {row["who"] for row in rows} == {"its parent", "same user", "same user, door shut"}
        assert protect.protected(rows)[0] is not reads_a_child()
    else:
        assert confine.security(rows)[0] is True
        assert [row["answer"] for row in rows if row["may"] is None][:1] == ["cannot lock: EPERM"]


def test_limits_can_be_lifted_only_with_the_right_to():
    code = "import resource as r; r.setrlimit(7, (32, 32)); r.setrlimit(7, (128, 128))".replace(
        "7", "r.RLIMIT_NOFILE"
    )
    lifted = subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
    done = {
        row["task"]: row["may"]
        for row in pvt.run("confine", sly=True).rows
        if row["worker"] == "locked child"
    }
    assert done["open 64 files"] is lifted
    assert done["start a process"] is False


def row(worker, may):
    return {"task": "open files", "worker": worker, "may": may, "answer": "", "root": False}


def test_a_limit_that_does_not_bind_fails_the_claim():
    rows = [row("child", True), row("locked child", True), row("its parent", True)]
    assert confine.security(rows)[0] is False


def test_a_parent_that_is_refused_too_proves_nothing():
    rows = [row("child", False), row("locked child", False), row("its parent", False)]
    assert confine.security(rows)[0] is None
    assert confine.outcome(rows) == confine.OUTCOMES[2]


def test_a_thread_with_limits_of_its_own_would_be_noticed():
    rows = [row("its parent", True), row("locked thread", False), row("thread beside it", True)]
    assert confine.own_limits(rows)[0] is True
    assert confine.outcome(rows) == confine.OUTCOMES[0]


def test_a_list_that_leaves_out_a_stack_is_read_again(monkeypatch):
    stack = "7f00-7f10 rw-p 00000000 00:00 0 "
    heap = "5500-5600 rw-p 00000000 00:00 0 [heap]"
    answers = [[heap], [heap], [heap, stack]]
    monkeypatch.setattr(listing, "lines", lambda path: answers.pop(0))
    found = regions(os.getpid(), {"thread 1": (0x7F08, 0x7F00)})
    assert [region["name"] for region in found] == ["[heap]", "thread 1"]


def test_stacks_that_are_listed_as_one_region_are_cut(monkeypatch):
    listed = ["7f00-7f30 rw-p 00000000 00:00 0 ", "Rss: 8 kB"]
    monkeypatch.setattr(listing, "lines", lambda path: listed)
    stacks = {"thread 1": (0x7F28, 0x7F21), "thread 2": (0x7F18, 0x7F01)}
    found = regions(os.getpid(), stacks)
    assert [(one["name"], one["begin"], one["end"], one["bytes"]) for one in found] == [
        ("thread 2", "0x7f00", "0x7f21", 0x21),
        ("thread 1", "0x7f21", "0x7f30", 0xF),
    ]
    assert [one["resident"] for one in found] == [None, None]
    (whole,) = regions(os.getpid(), {name: (at, None) for name, (at, _) in stacks.items()})
    assert (whole["part"], whole["resident"]) == ("stack", 8192)


def test_where_a_stack_is_not_listed_nothing_is_decided():
    row = {"process": "first", "what": "variable", "part": "stack", "begin": "0x1", "value": 100}
    rows = [row | {"name": f"thread {number}", "begin": f"0x{number}"} for number in (1, 2)]
    assert space.own_stack(rows)[0] is True
    assert space.own_stack([rows[0], rows[1] | {"begin": None, "part": None}])[0] is None
