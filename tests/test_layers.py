"""The house rules that a machine can check: who imports whom, how long things are, what is
public."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

import pvt
from pvt import claims, course

ROOT = Path(__file__).resolve().parent.parent
# From the bottom up: what a layer is for, and its modules. A module may import only what stands
# before it, and its own folder. A chapter's folder imports no other chapter's.
LAYERS = [
    (
        "what everything may use",
        "__init__ problem procfs host claims child progress table card template",
    ),
    ("measuring", "timing"),
    ("watching, in the watched process and from outside", "watcher/outside watcher/inside"),
    ("watching, in the child", "watcher/far"),
    ("what the experiments of several chapters share", "tools"),
    ("the chapters", "course questions"),
    (
        "a learner's server in trials, in the child",
        "challenger/calls challenger/starting challenger/served challenger/trials"
        " challenger/application",
    ),
    ("one trial after the other", "challenger/far"),
    ("be the scheduler, in the child", "stepper"),
    ("processes seen from outside", "processes refusal"),
    ("what they do", "vitals"),
    ("a run that has ended", "result"),
    ("a run on its way", "runner"),
    (
        "what the learner has done, kept",
        "learner/appending learner/journal learner/noting learner/history learner/repeat"
        " learner/parcel",
    ),
    ("show code, draw, decide, check", "listing ledger figure exercise"),
    ("diagrams", "diagrams"),
    ("verdicts, kept", "recorded"),
    ("verdicts as a page", "report"),
    ("verdicts of the machines of a cluster", "everywhere"),
    ("verdicts in a terminal", "terminal"),
    ("watching, and a learner's server in trials", "watcher challenger"),
    ("search", "stepper/asking"),
    ("mend, replay, search in a terminal", "stepper/mending stepper/moves stepper/command"),
    ("what comes next, and a class's predictions", "learner/then classroom/poll"),
    ("what a learner sees", "views"),
    ("the record and the class", "learner learner/page classroom remembered"),
    ("a chapter begins", "learner/opening"),
    (
        "what a learner sees of stepper, watcher, challenger and interview",
        "stepper/view watcher/view challenger/view course/interview",
    ),
    ("cell magic", "cells"),
    ("the command line", "__main__"),
]
RANK = {name: rank for rank, (_, names) in enumerate(LAYERS) for name in names.split()}
SEARCHING = ("between_awaits", "chance", "lock_orders")
# A learner's programs are no part of the house; there, `from pvt import` means a public name.
FILES = sorted(path for path in ROOT.glob("pvt/**/*.py") if path.parent.name != "stages")
WATCHING = [
    "watcher/outside",
    "watcher/inside",
    "watcher/far",
]  # what of the watcher runs in the child
CHALLENGING = [
    f"challenger/{name}" for name in ["calls", "starting", "served", "trials", "application", "far"]
]
# What needs dask.distributed, and says so where it is missing:
CLUSTERS = ["pvt/tools/cluster.py", "pvt/course/machines/lease.py"]
# What experiments may import, beside their own chapter:
BELOW = ["claims", "problem", "procfs", "host", "timing", "tools"]
# What may name a chapter: the command line (`serve`), the watcher, whose programs are a chapter's,
# and the challenger, whose servers are.
NAME_A_CHAPTER = {"__main__", "watcher", "challenger", *CHALLENGING}


@cache
def tree(path):
    """What a file says, parsed."""
    return ast.parse(Path(path).read_text())


def layer(path):
    """The name in LAYERS that a file belongs to; the stepper's files run in the child, but for
    those named there."""
    return named(path.relative_to(ROOT / "pvt").with_suffix("").parts)


def named(parts):
    """The longest name in LAYERS for a dotted or folder name."""
    return "/".join(parts[:2]) if "/".join(parts[:2]) in RANK else parts[0]


def modules(nodes):
    """The dotted names of what a file imports from pvt, wherever in it."""
    for node in ast.walk(nodes):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pvt":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("pvt."))


def chapters(nodes):
    """The chapters from which a file imports something."""
    found = {name.split(".")[2] for name in modules(nodes) if name.startswith("pvt.course.")}
    return found & set(course.CHAPTERS)


def imported(module):
    """The parts of pvt that a file imports when it is imported itself."""
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and node.module == "pvt":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pvt."):
            yield from (named([*node.module.split(".")[1:], alias.name]) for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_imports_upward(path):
    mine = layer(path)
    for other in imported(tree(path)):
        assert RANK[other] <= RANK[mine], f"{mine} imports {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_chapter_imports_no_other_and_the_core_none_by_name(path):
    parts = path.relative_to(ROOT / "pvt").parts
    mine = {parts[1]} if parts[0] == "course" else set()
    if parts[0].removesuffix(".py") not in NAME_A_CHAPTER:
        assert chapters(tree(path)) <= mine


@pytest.mark.parametrize("name", course.names())
def test_an_experiment_imports_its_own_chapter_and_what_is_below(name):
    module = course.load(name)
    chapter = module.__name__.rpartition(".")[0]
    for found in modules(tree(module.__file__)):
        allowed = found.startswith(chapter) or found.split(".")[1] in BELOW
        assert allowed or found.startswith("pvt.stepper.searching"), found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_what_it_is_for(path):
    assert path.stat().st_size == 0 or ast.get_docstring(tree(path))


def test_no_public_name_equals_a_module():
    assert not set(dir(pvt)) & {path.stem for path in FILES if path.parent.name == "pvt"}


def test_importing_pvt_imports_nothing_heavy():
    code = (
        "import pvt, sys; print([m for m in ('matplotlib', 'numpy', 'ipywidgets', 'psutil',"
        " 'dask') if"
        " m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


def far_side():
    """The files that run in the child, under any Python: experiments, what they need, much of
    stepper and watcher."""
    return [
        path
        for path in FILES
        if layer(path) in (*BELOW, *WATCHING, *CHALLENGING, "course", "stepper")
    ]


@pytest.mark.parametrize("path", far_side(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_far_side_needs_only_the_standard_library(path):
    known = sys.stdlib_module_names | {
        "pvt",
        *(inside.stem for inside in path.parent.glob("pvt_*.py")),
    }
    known |= {"dask", "distributed"} if str(path.relative_to(ROOT)) in CLUSTERS else set()
    for node in ast.walk(tree(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert all(one.split(".")[0] in known for one in names), names


@pytest.mark.parametrize("name", course.names())
def test_only_experiments_that_search_use_the_stepper(name):
    """Experiments measure and share nothing. Three do not measure but search: they ask
    `stepper.searching` alone."""
    nodes = ast.walk(tree(course.load(name).__file__))
    asked = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    used = {module for module in asked if module.startswith("pvt.stepper")}
    assert used == ({"pvt.stepper.searching"} if name in SEARCHING else set())


def test_conda_and_pip_get_the_same_packages():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    cluster = project["optional-dependencies"]["cluster"]  # for Binder has chapter 17, too
    wanted = set(project["dependencies"]) | {"nbval>=0.11"} | set(cluster)
    listed = re.findall(
        r"^  - ([\w.]+[<>=].*)$", (ROOT / "environment.yml").read_text(), re.MULTILINE
    )
    assert set(listed) - {"python=3.12"} == wanted


def test_constraints_name_no_hosts():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.match(r"[\w.\[\]-]+==\S+( ; .*)?$", line) for line in lines)


def test_the_makefile_is_small():
    rules = re.findall(
        r"^([\w./]+):.*\n((?:\t.*\n)*)", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    rules = [(name, body) for name, body in rules if name != ".PHONY"]
    assert len(rules) <= 11
    assert all(body.count("\n") <= 3 for _, body in rules)


def test_the_repository_is_named_in_one_place():
    assert (ROOT / "README.md").read_text().count("mybinder.org/v2/gh/") == 1


def test_claim_ids_are_unique():
    ids = [claim.id for name in course.names() for claim in course.load(name).CLAIMS]
    assert len(ids) == len(set(ids))


def test_every_claim_has_a_test_of_its_name():
    text = "".join(path.read_text() for path in ROOT.glob("tests/course/*/test_claims*.py"))
    for name in course.names():
        for claim in course.load(name).CLAIMS:
            assert isinstance(claim, claims.Claim)
            assert f"def test_{re.sub('[.-]', '_', claim.id)}(" in text, claim.id
