"""Is the GIL still off after an import? Each module is imported in a fresh free-threaded Python.

The extension is our own (`declares.c`), compiled twice: once it declares that it can run without the GIL, once it
declares nothing, as every extension did that was written before. The standard library's declare it.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile

from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.course.no_gil.compared import FREE
from pvt.tools import compiler, elsewhere

QUESTION = "Is the GIL still off after an import?"
OUTCOMES = (
    "After any import",
    "Not after one that declares nothing; silently",
    "Not after one that declares nothing; it warns",
    "Not after any extension",
)
SECONDS = 2.0
SOURCE = os.path.join(os.path.dirname(__file__), "declares.c")
LIBRARY = ("json", "sqlite3", "ctypes")
WARNED = "RuntimeWarning: The global interpreter lock"


# What the other process does: it asks, imports, and asks again.
LOOK = """import sys
before = sys._is_gil_enabled()
__import__(sys.argv[1])
print(before, sys._is_gil_enabled())"""


def run():
    found = elsewhere.builds()
    if FREE not in found:
        yield from compared.recorded("gil_again")
        return
    version, path = found[FREE]
    for row in elsewhere.rows(path, "pvt.course.no_gil.gil_again", "here"):
        yield {"build": FREE, "python": version, "recorded": False, **row}


def here():
    for module in LIBRARY:
        yield looked(f"{module} (library)", module, True)
    with tempfile.TemporaryDirectory() as folder:
        for name, declared in (("extension, declares", True), ("extension, silent", False)):
            if not compiled(folder, declared):
                return
            yield looked(name, "extension", declared, folder=folder)
        yield looked("silent, -X gil=0", "extension", False, "-Xgil=0", folder=folder)


def looked(name, module, declared, *options, folder=""):
    """A row: is the GIL on before and after this import, in a fresh process, and does it warn?"""
    env = {key: value for key, value in os.environ.items() if key != "PYTHON_GIL"}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, (folder, env.get("PYTHONPATH"))))
    answer = subprocess.run(
        [sys.executable, *options, "-c", LOOK, module], env=env, capture_output=True, text=True
    )
    before, after = (word == "True" for word in answer.stdout.split())
    return {
        "name": name,
        "declared": declared,
        "forced": bool(options),
        "before": before,
        "after": after,
        "warned": WARNED in answer.stderr,
    }


STUDY = (looked,)


def compiled(folder, declared):
    """Whether the extension is there now: that takes a C compiler, and this Python's header files."""
    target = os.path.join(folder, "extension" + sysconfig.get_config_var("EXT_SUFFIX"))
    options = ["-DDECLARED"] * declared + ["-shared", "-fPIC"]
    options += ["-undefined", "dynamic_lookup"] * (sys.platform == "darwin")
    include = f"-I{sysconfig.get_path('include')}"
    return compiler.compiled(SOURCE, target, *options, include) is None


def outcome(rows):
    silent = [row for row in rows if not row["declared"] and not row["forced"]]
    if not silent:
        return None
    if any(row["after"] for row in rows if row["declared"]):
        return OUTCOMES[3]
    if not silent[0]["after"]:
        return OUTCOMES[0]
    return OUTCOMES[2 if silent[0]["warned"] else 1]


def sentence(rows):
    on = [row["name"] for row in rows if row["after"]]
    words = f"The GIL is on after {', '.join(on)}" if on else "The GIL stays off"
    return f"{compared.spoken(rows, FREE)}. {words}; {len(rows)} imports, each in a fresh process."


def draw(ax, rows):
    """A bar for each import: high where the GIL is on after it."""
    for at, row in enumerate(rows):
        look = {"color": "trouble", "hatch": "//"} if row["after"] else {"color": "thread"}
        ax.bar(at, 1 if row["after"] else 0.04, 0.7, edgecolor="white", **look)
        text = "on again" if row["after"] else "off"
        ax.annotate(
            text + "\n(warning)" * row["warned"],
            (at, 1 if row["after"] else 0.04),
            ha="center",
            va="bottom",
            fontsize=10,
        )
    ax.set(ylabel="GIL after the import", ylim=(0, 1.4), yticks=(), xticks=range(len(rows)))
    ax.set_xticklabels([row["name"].replace(" ", "\n", 1) for row in rows], fontsize=9)


def silent(rows):
    """The rows of the extension that declares nothing: as it is, and with the GIL kept off by force."""
    return [
        [row for row in rows if not row["declared"] and row["forced"] is forced]
        for forced in (False, True)
    ]


def comes_back(rows):
    mine, forced = silent(rows)
    if not mine:
        return None, "an extension has to be compiled, and here is no C compiler, or no Python.h."
    kept = [row["name"] for row in rows if row["declared"] and not row["after"]]
    text = f"off after {', '.join(kept)}; {'on' if mine[0]['after'] else 'off'} after one that declares nothing"
    also = "; -X gil=0 keeps it off all the same" if forced and not forced[0]["after"] else ""
    return mine[0]["after"] and len(kept) == sum(row["declared"] for row in rows), f"{text}{also}."


def unnoticed(rows):
    mine, _ = silent(rows)
    if not mine or not mine[0]["after"]:
        return None, "the GIL did not come back here."
    text = "a RuntimeWarning names the module, and sys._is_gil_enabled() is True from then on"
    return not mine[0]["warned"], f"{text}." if mine[0]["warned"] else "nothing was said."


CLAIMS = [
    Claim(
        "nogil.extension",
        "One extension that declares nothing switches the GIL on again, for the whole process.",
        {},
        compared.free(comes_back),
    ),
    Claim(
        "nogil.extension-unnoticed",
        "When an extension switches the GIL on again, nobody is told.",
        {},
        compared.free(unnoticed),
    ),
]
