"""What is said of this Python and this machine, and what a container's files would make of it."""

import os

import pytest

from pvt import host, ledger, runner
from pvt.claims import Claim
from pvt.result import Run


def container(root, files, groups="0::/\n"):
    """A fake root with control-group files."""
    for path, text in {"proc/self/cgroup": groups, **files}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return str(root)


def test_the_facts_are_there():
    here = host.facts(others=False)
    assert here["cores"] >= 1
    assert here["gil"] in (True, False)
    assert here["memory"] > 2**20
    assert "<table>" in here._repr_html_()
    assert here["python"] in host.summary(here)


@pytest.mark.parametrize(
    ("files", "groups", "cores"),
    [
        ({"sys/fs/cgroup/cpu.max": "100000 100000"}, "0::/", 1.0),
        ({"sys/fs/cgroup/cpu.max": "50000 100000"}, "0::/", 0.5),
        ({"sys/fs/cgroup/cpu.max": "max 100000"}, "0::/", None),
        (
            {"sys/fs/cgroup/a/cpu.max": "150000 100000", "sys/fs/cgroup/a/b/cpu.max": "max 100000"},
            "0::/a/b",
            1.5,
        ),
        (
            {
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            },
            "3:cpu:/",
            1.0,
        ),
        (
            {
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            },
            "3:cpu:/",
            None,
        ),
        ({}, "", None),
    ],
)
def test_a_quota_is_read(tmp_path, files, groups, cores):
    assert host.quota(container(tmp_path, files, groups)) == cores


def test_a_memory_limit_is_read(tmp_path):
    root = container(tmp_path, {"sys/fs/cgroup/memory.max": str(512 << 20)})
    assert host.memory(root) == 512 << 20


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system has no affinity masks"
)
def test_a_pinned_process_has_one_core():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert host.cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_what_is_missing_can_be_hidden(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "fork,/proc")
    assert host.lacking(("fork",)) == "fork"
    assert host.lacking(()) is None


def test_a_broken_python_is_not_found(tmp_path):
    assert host.asked(str(tmp_path / "python3.12")) is None


def test_facts_are_said_as_a_person_would():
    assert host.shown("memory", 2**30) == "1.0 GiB"
    assert host.shown("switch_interval", 0.005) == "5 ms"
    assert host.shown("gil", True) == "yes"
    assert host.shown("limit_processes", None) == "no limit"


def test_two_halves_of_one_physical_core_are_one(tmp_path):
    for number, (package, core) in enumerate([(0, 0), (0, 0), (0, 1), (1, 0)]):
        folder = tmp_path / f"sys/devices/system/cpu/cpu{number}/topology"
        folder.mkdir(parents=True)
        (folder / "physical_package_id").write_text(f"{package}\n")
        (folder / "core_id").write_text(f"{core}\n")
    assert host.cores_physical(str(tmp_path), [0, 1, 2, 3]) == 3
    assert host.cores_physical(str(tmp_path), [0, 1]) == 1
    assert host.cores_physical(str(tmp_path), [0, 7]) is None


def test_the_facts_show_both_counts_of_cores():
    found = host.facts(others=False)
    assert found["cores_physical"] is None or 1 <= found["cores_physical"] <= found["cores_visible"]


SHIM = '#!/bin/sh\necho "3|14|3.14.1t|{path}|/opt/free|concurrent.interpreters"\n'


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for an interpreter")
def test_an_interpreter_with_two_names_is_listed_once(tmp_path, monkeypatch):
    for name in ("python3.14", "python3.14t"):
        (tmp_path / name).write_text(SHIM.format(path=tmp_path / name))
        (tmp_path / name).chmod(0o755)
    named = os.pathsep.join(map(str, sorted(tmp_path.iterdir())))
    monkeypatch.setenv("PVT_PYTHONS", named)
    host.pythons.cache_clear()
    try:
        found = host.pythons()
    finally:
        host.pythons.cache_clear()
    assert [path for path, version in found.items() if version == "3.14.1t"] == [
        str(tmp_path / "python3.14")
    ]


def test_a_script_that_starts_another_version_is_not_asked(tmp_path, monkeypatch):
    for folder in ("shims", "bin"):
        (tmp_path / folder).mkdir()
        for name in ("python3.12", "python3.13")[folder == "bin" :]:
            (tmp_path / folder / name).write_text("#!/bin/sh\n")
            (tmp_path / folder / name).chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", os.pathsep.join(str(tmp_path / each) for each in ("shims", "bin")))
    found = [path for path in host.candidates() if path.startswith(str(tmp_path))]
    assert found == [str(tmp_path / "bin" / "python3.13")]


def test_every_python_is_asked_what_it_is(python):
    path = runner.interpreter(python)
    assert host.asked(path).version.startswith(python or "3.")
    assert host.version() not in [v for p, v in host.pythons().items() if p == path] or python


def test_a_need_that_only_the_other_python_can_answer_is_asked_there():
    claim = Claim("a.b", "So it is.", {}, lambda rows: (True, "yes."), needs=("a GIL",))
    for gil, value in ((True, "holds"), (False, "not decided")):
        run = Run(
            "race",
            {},
            {"gil": gil, "python": "3.14.1", "cores": 2, "system": "linux"},
            [{}],
            "finished",
            1.0,
        )
        entry = ledger.entry(claim, [run], None)
        assert entry.value == value
        assert gil or "needs a GIL" in entry.because
