"""The ceilings of machines that are not here, from made-up files, and those that are here, by a
real refusal."""

import mmap
import os
import resource
import time

import pytest

from pvt import host
from pvt.course.limits import bomb
from pvt.tools import ceilings, crowd
from pvt.tools.forked import become, in_a_child
from tests.test_host import container

pytestmark = pytest.mark.alone  # these fork: a process with other threads must not
LINUX = pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="this reads /proc")
ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may become another user"
)
PIDS = "sys/fs/cgroup/pids"
STATUS = "Name: x\nUid: {0}\t{0}\t{0}\t{0}\nCapEff: {1}\nThreads: 3"
EVERYBODY = "0 0 4294967295"


def named(found):
    return {one.name: one for one in found}


def test_the_kernels_own_numbers(tmp_path):
    files = {"proc/sys/kernel/pid_max": "32768", "proc/sys/kernel/threads-max": "192731"}
    found = named(
        ceilings.shared(container(tmp_path, {**files, "proc/loadavg": "0.1 0.2 0.3 2/414 999"}))
    )
    assert (found["kernel.pid_max"].most, found["kernel.pid_max"].used) == (32_468, 414)
    assert found["kernel.threads-max"].most == 192_731


@pytest.mark.parametrize(
    ("files", "groups", "most", "used"),
    [
        ({"sys/fs/cgroup/pids.max": "4096", "sys/fs/cgroup/pids.current": "17"}, "0::/", 4096, 17),
        (
            {"sys/fs/cgroup/a/pids.max": "500", "sys/fs/cgroup/a/b/pids.max": "max"},
            "0::/a/b",
            500,
            None,
        ),
        (
            {"sys/fs/cgroup/a/pids.max": "max", "sys/fs/cgroup/a/b/pids.max": "60"},
            "0::/a/b",
            60,
            None,
        ),
        (
            {f"{PIDS}/docker/x/pids.max": "100", f"{PIDS}/docker/x/pids.current": "9"},
            "4:pids:/docker/x",
            100,
            9,
        ),
        ({"sys/fs/cgroup/pids.max": "max"}, "0::/", None, None),
        ({}, "", None, None),
    ],
)
def test_the_tightest_level_of_pids_max(tmp_path, files, groups, most, used):
    found = ceilings.group(container(tmp_path, files, groups))
    assert (found.most, found.used) == (most, used)


@pytest.mark.parametrize(
    ("uid", "rights", "uid_map", "exempt"),
    [
        (0, "000001ffffffffff", EVERYBODY, True),
        (0, "0000000000000000", EVERYBODY, True),  # the kernel asks who it is, not what it may
        (
            0,
            "000001ffffffffff",
            "0 100000 65536",
            False,
        ),  # root of a container without root's rights outside
        (1000, "0000000000000000", EVERYBODY, False),
        (1000, "0000000001000000", EVERYBODY, True),
        (1000, "0000000001000000", "0 100000 65536", False),
        (1000, "0000000000000004", EVERYBODY, False),
    ],
)
def test_whom_rlimit_nproc_binds(tmp_path, uid, rights, uid_map, exempt):
    files = {"proc/self/status": STATUS.format(uid, rights), "proc/self/uid_map": uid_map}
    assert ceilings.exempt(container(tmp_path, files)) is exempt


def ceiling(name="pids.max", of="container", most=100, used=None, binds=True):
    return ceilings.Ceiling(name, of, most, used, binds, "made up")


def test_the_lowest_that_binds_rules():
    found = [
        ceiling("a", most=50, binds=False),
        ceiling("b", most=None),
        ceiling("c", most=70),
        ceiling("d", most=90),
    ]
    assert ceilings.lowest(found).name == "c"
    assert ceilings.lowest(found[:2]) is None


@pytest.mark.parametrize(
    ("taken", "rules"),
    [((None, None), "low"), ((10, 50), "low"), ((10, 950), "high"), ((80, 1_200), "high")],
)
def test_the_one_with_the_least_room_left_rules(taken, rules):
    """Of two ceilings, 100 and 1,000; where it is unknown how many are there, none are."""
    low, high = taken
    found = [ceiling("high", most=1_000, used=high), ceiling("low", most=100, used=low)]
    assert ceilings.lowest(found).name == rules
    assert ceilings.lowest(found[::-1]).name == rules
    assert min(one.left for one in found) == ceilings.lowest(found).left >= 0


def test_what_is_shared_is_shared_politely():
    assert ceilings.granted(50, [ceiling(most=10_000, used=10)]) == (50, "")
    assert ceilings.granted(50, [ceiling(used=20)])[0] == 8
    assert ceilings.granted(50, [ceiling(used=20)], bold=True)[0] == 40
    assert ceilings.granted(50, [ceiling(of="process")])[0] == 50
    assert ceilings.granted(50, [ceiling(used=120)])[0] == 1
    assert "pids.max has room for 80" in ceilings.granted(50, [ceiling(used=20)])[1]


@LINUX
@pytest.mark.parametrize(("mode", "counted"), [("0", False), ("2", True)])
def test_a_kernel_that_counts_promises(tmp_path, mode, counted):
    files = {
        "proc/sys/vm/overcommit_memory": mode,
        "proc/meminfo": "CommitLimit: 9000 kB\nCommitted_AS: 1000 kB",
    }
    found = named(ceilings.own(crowd.Weight(40_000, 8 << 10), root=container(tmp_path, files)))
    assert ("vm.overcommit" in found) is counted
    assert not counted or found["vm.overcommit"].most == 1000


@LINUX
def test_without_proc_only_what_is_told(tmp_path):
    assert set(named(ceilings.shared(str(tmp_path)))) == {"pids.max", "RLIMIT_NPROC"}
    assert [one.most for one in ceilings.own(None)] == [None]


def threads_until_refused(limit, size):
    """(what the ceilings predict, how many threads could really be started) under a limit."""
    weight = crowd.weigh_thread()
    resource.setrlimit(limit, (size, size))
    predicted = ceilings.lowest([*ceilings.shared(), *ceilings.own(weight)])
    waiting = crowd.Threads()
    waiting.add(400)
    waiting.end.set()
    return predicted.name, predicted.most, waiting.count, waiting.refused


@LINUX
def test_the_addresses_end_where_the_ceiling_says():
    name, most, count, refused = in_a_child(threads_until_refused, resource.RLIMIT_AS, 1 << 30)[0]
    assert name == "RLIMIT_AS"
    assert refused == "can't start new thread"
    assert (
        abs(count - most) <= 12
    )  # stacks of the sample that are kept for the next thread; small needs of Python's


def threads_until_the_maps_end(left):
    """The same when only `left` memory maps are left: neighbours that differ in what is allowed
    make one each."""
    most = int(host.text("/proc/sys/vm", "max_map_count"))
    room = [mmap.mmap(-1, 4096, prot=1 + 2 * (at % 2)) for at in range(most - crowd.maps() - left)]
    weight = crowd.weigh_thread()
    predicted = ceilings.lowest([*ceilings.shared(), *ceilings.own(weight)])
    waiting = crowd.Threads()
    waiting.add(1_800)
    return predicted.name, predicted.most, waiting.count, waiting.refused, len(room)


@LINUX
@pytest.mark.skipif(
    int(host.text("/proc/sys/vm", "max_map_count") or 10**9) > 100_000,
    reason="too many maps to use up",
)
def test_the_memory_maps_end_as_soon_as_the_ceiling_says():
    """By the difference: the first 150 threads or so find old maps to merge with."""
    few, found = (in_a_child(threads_until_the_maps_end, left)[0] for left in (2_000, 4_000))
    if not (found and few and found[3] and few[3]):
        pytest.skip(
            "this C library needs no map of its own for a guard page: another ceiling comes first"
        )
    assert few[0] == found[0] == "vm.max_map_count"
    assert (found[2] - few[2]) == pytest.approx(found[1] - few[1], rel=0.15)


@LINUX
@ROOT
def test_a_users_number_ends_where_the_ceiling_says():
    name, most, count, refused = in_a_child(
        threads_until_refused, resource.RLIMIT_NPROC, 40, user=2**30 + os.getpid()
    )[0]
    assert (name, most, count, refused) == ("RLIMIT_NPROC", 40, 39, "can't start new thread")


@pytest.fixture
def small_group():
    """A real control group with room for 40 processes and threads; skipped where none can be
    made."""
    folder = "/sys/fs/cgroup/pids" if os.path.isdir("/sys/fs/cgroup/pids") else "/sys/fs/cgroup"
    mine = f"{folder}/pvt-test-{os.getpid()}"
    try:
        os.mkdir(mine)
    except OSError:
        pytest.skip("no control group can be made here")
    try:
        if not os.path.exists(f"{mine}/pids.max"):
            pytest.skip("control groups here do not count processes")
        with open(f"{mine}/pids.max", "w") as file:
            file.write("40")
        yield mine
    finally:
        remove(mine)


def remove(group):
    """A group can be removed when the last of it is gone, a moment after it was killed."""
    until = time.monotonic() + 5
    while True:
        try:
            return os.rmdir(group)
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.01)


def threads_in(group):
    with open(f"{group}/cgroup.procs", "w") as file:
        file.write(str(os.getpid()))
    weight = crowd.weigh_thread()
    predicted = ceilings.lowest([*ceilings.shared(), *ceilings.own(weight)])
    waiting = crowd.Threads()
    waiting.add(100)
    return (
        predicted.name,
        predicted.most,
        predicted.used >= 1,
        waiting.refused,
        host.cgroup_values("pids.current")[-1],
    )


@LINUX
def test_a_real_group_ends_where_the_ceiling_says(small_group):
    fields, ended = in_a_child(threads_in, small_group)
    assert fields == ["pids.max", 40, True, "can't start new thread", "40"], ended


def bomb_in(group):
    with open(f"{group}/cgroup.procs", "w") as file:
        file.write(str(os.getpid()))
    lit = bomb.Bomb(6)
    lit.end()
    return len(lit.born), bool(lit.refused)


@LINUX
def test_a_real_group_stops_a_fork_bomb(small_group):
    assert in_a_child(bomb_in, small_group)[0] == [39, True]


@LINUX
@ROOT
def test_another_users_tasks_are_not_ours():
    def count():
        become(2**30 + os.getpid())
        return ceilings.tasks_of_user()

    assert in_a_child(count)[0] == 1
