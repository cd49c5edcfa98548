"""What is this Python, and how much of this machine may it use?"""

import os
import sys
from functools import cache
from glob import glob
from typing import NamedTuple

VERSIONS = ("3.11", "3.12", "3.13", "3.13t", "3.14", "3.14t", "3.15", "3.15t")
LIBRARY = (
    "concurrent.interpreters"  # several interpreters in one process; what is below it has them too
)
WHO = """import importlib.util, os, sys, sysconfig
version = sys.version.split()[0] + "t" * bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
paths = map(os.path.realpath, (sys.executable, sys.base_prefix))
known = filter(importlib.util.find_spec, ("concurrent.interpreters", "_interpreters"))
print(*sys.version_info[:2], version, *paths, next(known, ""), sep="|")"""


class Python(NamedTuple):
    """A Python: version ("3.14.1t" if free-threaded), real path, the folder it is installed in, and
    what it can do."""

    version: str
    path: str
    home: str
    interpreters: (
        str  # the library for several interpreters in one process; "None" where there is none
    )


class Facts(dict):
    """Facts by name; a notebook shows them as a table."""

    def _repr_html_(self):
        from pvt import table

        return table.html(
            ["fact", "here"], [(name.replace("_", " "), shown(name, self[name])) for name in self]
        )


def facts(*, others=True):
    """This Python and this machine. Sizes in bytes, times in seconds, None where nothing limits.

    `others=False` leaves out the search for further Pythons, which starts each one found.
    """
    here = Facts(
        python=sys.version.split()[0],
        build="free-threaded" if is_free_threaded() else "GIL",
        gil=has_gil(),
        system=sys.platform,
        cores=cores(),
        cores_visible=os.cpu_count() or 1,
        cores_physical=cores_physical(),
        cores_quota=quota(),
        start_method=start_method(),
        switch_interval=sys.getswitchinterval(),
        memory=memory(),
        **limits(),
        executable=sys.executable,
    )
    if others:
        here["other_pythons"] = ", ".join(sorted(pythons().values())) or None
    return here


def has_gil():
    """Whether a global interpreter lock is at work here and now."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


@cache
def is_free_threaded():
    """Whether this Python is a free-threaded build, be its GIL on or off at the moment."""
    if not has_gil() or not hasattr(sys, "abiflags"):  # Windows has none, and sysconfig is slow
        import sysconfig

        return not has_gil() or bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    return "t" in sys.abiflags


def version():
    """This Python's version as `pythons` gives those of others: "3.14.1t" if free-threaded."""
    return sys.version.split()[0] + "t" * is_free_threaded()


def interpreters():
    """The library by which this Python has several interpreters in one process, or the module below
    it; else None."""
    from importlib.util import find_spec

    return next(filter(find_spec, (LIBRARY, "_interpreters")), None)


def cores():
    """How many cores this process may really keep busy: its affinity mask, cut by a container's
    quota."""
    allowed = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return min(allowed, max(1, int(quota() or allowed)))


def cores_physical(root="/", allowed=None):
    """On how many physical cores those that this process may use lie; None where the system does
    not say (no /sys).

    With SMT one physical core is two for the system: two workers on it share its units. `root` and
    `allowed` are for tests.
    """
    if allowed is None:
        allowed = (
            os.sched_getaffinity(0)
            if hasattr(os, "sched_getaffinity")
            else range(os.cpu_count() or 1)
        )
    places = [
        os.path.join("sys/devices/system/cpu", f"cpu{number}", "topology") for number in allowed
    ]
    pairs = {
        (text(root, f"{place}/physical_package_id"), text(root, f"{place}/core_id"))
        for place in places
    }
    return None if any(None in pair for pair in pairs) else len(pairs)


def quota(root="/"):
    """The processor time a container grants, in cores (0.5 = half of one), or None. `root` is for
    tests.

    `os.cpu_count()` and `os.process_cpu_count()` do not know it (python/cpython#149452).
    """
    pairs = [value.split() for value in cgroup_values("cpu.max", root)]
    pairs += zip(
        cgroup_values("cpu.cfs_quota_us", root),
        cgroup_values("cpu.cfs_period_us", root),
        strict=False,
    )
    granted = [int(limit) / int(period) for limit, period in pairs if limit not in ("max", "-1")]
    return min(granted, default=None)


def cgroup_values(name, root="/"):
    """What the file `name` says in every control group, version 1 or 2, that holds this process."""
    tree = os.path.join(root, "sys/fs/cgroup")
    controller = name.split(".")[0]
    folders = {tree, os.path.join(tree, controller)}
    for _, controllers, path in (
        group.split(":", 2) for group in (text(root, "proc/self/cgroup") or "").split()
    ):
        if not controllers or controller in controllers.split(","):
            steps = path.strip("/").split("/")
            folders.update(
                os.path.join(tree, controllers, *steps[:depth]) for depth in range(len(steps) + 1)
            )
    return [value for folder in sorted(folders) if (value := text(folder, name)) is not None]


def text(folder, name):
    """What a small file says, or None where there is none."""
    try:
        with open(os.path.join(folder, name)) as file:
            return file.read().strip()
    except OSError:
        return None


def processor():
    """The processor's name as the system knows it."""
    import platform

    lines = text("/", "proc/cpuinfo") or ""
    named = [
        line.partition(":")[2].strip()
        for line in lines.splitlines()
        if line.startswith("model name")
    ]
    return named[0] if named else platform.processor() or platform.machine()


def start_method():
    """How multiprocessing starts a process here by default, as its documentation says: fork,
    forkserver or spawn."""
    if sys.platform in ("win32", "darwin"):
        return "spawn"
    return "forkserver" if sys.version_info >= (3, 14) else "fork"


def memory(root="/"):
    """The bytes of memory that this process may count on: the machine's, or its container's
    where that is less."""
    values = cgroup_values("memory.max", root) + cgroup_values("memory.limit_in_bytes", root)
    sizes = [int(value) for value in values if value != "max"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        sizes.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(sizes, default=None)


def limits():
    """The limits on this process that matter here; empty where the system has none (Windows)."""
    try:
        import resource
    except ImportError:
        return {}
    names = {
        "limit_processes": "RLIMIT_NPROC",
        "limit_open_files": "RLIMIT_NOFILE",
        "limit_address_space": "RLIMIT_AS",
    }
    soft = {
        name: resource.getrlimit(getattr(resource, code))[0]
        for name, code in names.items()
        if hasattr(resource, code)
    }
    return {name: None if size == resource.RLIM_INFINITY else size for name, size in soft.items()}


def lacking(needs):
    """The first of `needs` that is not here, or None. PVT_WITHOUT=fork,/proc hides some, to see
    what others see."""
    have = {
        "fork": hasattr(os, "fork"),
        "/proc": os.path.exists("/proc/self/status"),
        "resource limits": bool(limits()),
        "processor affinity": hasattr(os, "sched_setaffinity"),
        "a GIL": has_gil(),
        "trace": True,
        "two cores": cores() > 1,
        "shared memory": not os.path.isdir("/dev")
        or os.access("/dev/shm", os.W_OK)
        or sys.platform != "linux",
        "dask.distributed": has_module("distributed"),
    }
    hidden = os.environ.get("PVT_WITHOUT", "").split(",")
    return next((need for need in needs if need in hidden or not have[need]), None)


CURES = {"dask.distributed": "%pip install -q distributed"}
"""What brings a thing that `lacking` names, in a cell of a notebook and without a restart."""


def has_module(name):
    """Whether a package can be imported; also one that was installed a moment ago."""
    import importlib.util

    importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


@cache
def pythons():
    """Other Pythons found here, 3.11 or newer: path -> version. PVT_PYTHONS may name more
    (separated as in PATH).

    Each is listed once, whatever names it has: python3.14 and python3.14t may be one.
    """
    found = {(version(), os.path.realpath(sys.base_prefix)): None}
    for one in filter(None, map(asked, candidates())):
        found.setdefault((one.version, one.home), one)
    return {one.path: one.version for one in found.values() if one}


def candidates():
    """Where other Pythons usually are: PVT_PYTHONS, the search path, and the folders of pyenv
    and uv."""
    import shutil

    yield from filter(None, os.environ.get("PVT_PYTHONS", "").split(os.pathsep))
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    shims = os.path.join(pyenv, "shims")  # scripts that start one of its versions, slowly
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(each for each in folders if each.rstrip("/\\") != shims)
    yield from filter(None, (shutil.which(f"python{version}", path=path) for version in VERSIONS))
    uv = os.environ.get("UV_PYTHON_INSTALL_DIR", os.path.expanduser("~/.local/share/uv/python"))
    for pattern in (f"{pyenv}/versions/*/bin/python3", f"{uv}/*/bin/python3", f"{uv}/*/python.exe"):
        yield from sorted(glob(pattern))


@cache
def asked(python):
    """Which `Python` is at this path; None where it is too old or broken."""
    import subprocess

    try:
        answer = subprocess.run(
            [python, "-c", WHO], capture_output=True, text=True, timeout=30
        ).stdout
        major, minor, *known = answer.strip().split("|")
        return Python(*known) if (int(major), int(minor)) >= (3, 11) else None
    except (OSError, TypeError, ValueError, subprocess.SubprocessError):
        return None


def shown(name, value):
    """A fact as a person would say it."""
    if value is None:
        return {"other_pythons": "none", "cores_physical": "unknown"}.get(name, "no limit")
    if name in ("memory", "limit_address_space"):
        return f"{value / 2**30:.1f} GiB"
    if name == "switch_interval":
        return f"{value * 1000:g} ms"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def summary(here):
    """The facts in one line, for the foot of every picture."""
    count = here["cores"]
    lock = "GIL" if here["gil"] else "no GIL"
    return f"Python {here['python']}, {lock}, {count} core{'s' * (count != 1)}, {here['system']}"
