"""Two programs hang, one by tasks and one by a call that blocks: which tool names the line?"""

import os
import re
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from shutil import which

from pvt.claims import Claim
from pvt.course.event_loop import hanging

QUESTION = "Which tool names the line at which it hangs?"
OUTCOMES = (
    "faulthandler names both lines",
    "faulthandler names the blocking call only",
    "faulthandler names neither",
)
SECONDS = 3.0  # as usual
PATIENCE = 15.0  # seconds for a program to hang, and for a tool to answer
TRACEBACK = "faulthandler"
TASKS = "asyncio.all_tasks()"
TREE = "python -m asyncio pstree"
SPY = "py-spy dump"
TOOLS = (TRACEBACK, TASKS, TREE, SPY)
FAULTS = {"waits": "two tasks wait for each other", "blocks": "a call blocks the loop"}
STUDY = (hanging.transfer, hanging.report, hanging.look)


def run():
    """Each program is started, looked at from inside and from outside, and ended."""
    for program in FAULTS:
        with tempfile.TemporaryDirectory() as folder:
            yield from looked_at(program, os.path.join(folder, "report"))


def looked_at(program, file):
    command = [sys.executable, "-m", hanging.__name__, program, file]
    quiet = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    process = subprocess.Popen(command, **quiet)
    try:
        inside = report_of(file)
        first, _, second = inside.partition("tasks:\n")
        for tool, text in ((TRACEBACK, first), (TASKS, second)):
            yield row(program, tool, text, "" if inside else "it did not hang in time")
        for tool in (TREE, SPY):
            yield row(program, tool, *asked(tool, process.pid))
    finally:
        process.kill()
        process.wait()


def report_of(file):
    """What the program has written about itself; "" where it did not in time."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        if os.path.exists(file):
            with open(file, encoding="utf-8") as report:
                text = report.read()
            if text.endswith("end\n"):
                return text
        time.sleep(0.02)
    return ""


def asked(tool, pid):
    """(what a tool says of a process, ""), or ("", why it says nothing)."""
    if tool == TREE:
        if find_spec("asyncio.tools") is None:
            return "", "it is not in this Python: it came with 3.14"
        command = [sys.executable, "-m", "asyncio", "pstree", str(pid)]
    else:
        places = os.pathsep.join((os.environ.get("PATH", ""), os.path.dirname(sys.executable)))
        if not (found := which("py-spy", path=places)):
            return "", "it is not installed here"
        command = [found, "dump", "--pid", str(pid)]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError) as problem:
        return "", f"it gave no answer ({type(problem).__name__})"
    if answer.returncode:
        return "", "it may not look into the process, or does not know this Python"
    return answer.stdout, ""


def row(program, tool, text, why):
    """Whether a tool's text names the line at which our program hangs."""
    line = hanging.line_of(program)
    names = any(
        str(line) in re.findall(r"\d+", one.partition("hanging.py")[2])
        for one in text.splitlines()
        if "hanging.py" in one
    )
    return {
        "program": program,
        "tool": tool,
        "line": line,
        "names_line": names if text else None,
        "why": why,
    }


def of(rows, program, tool):
    return next((one for one in rows if (one["program"], one["tool"]) == (program, tool)), None)


def outcome(rows):
    found = [of(rows, program, TRACEBACK) for program in FAULTS]
    if None in found or any(one["names_line"] is None for one in found):
        return None
    waits, blocks = (one["names_line"] for one in found)
    return OUTCOMES[0] if waits else OUTCOMES[1] if blocks else OUTCOMES[2]


def phrase(one):
    if one["names_line"] is None:
        return one["why"]
    return f"names line {one['line']}" if one["names_line"] else "shows the loop only"


def sentence(rows):
    parts = []
    for program, fault in FAULTS.items():
        mine = [one for one in rows if one["program"] == program]
        found = [
            one["tool"].removeprefix("python -m asyncio ") for one in mine if one["names_line"]
        ]
        parts += [f"{fault}: {', '.join(found) or 'none of them'}"] if mine else []
    return f"Who names the line? {'; '.join(parts)}."


def draw(ax, rows):
    """A table: a line for each tool, a column for each fault; a cell is filled where the tool
    names the line."""
    for one in rows:
        at, x = -TOOLS.index(one["tool"]), list(FAULTS).index(one["program"])
        named = one["names_line"]
        colour = "thread" if named else "white"
        edge = "thread" if named else "trouble" if named is False else "other"
        ax.barh(at, 0.94, 0.8, left=x + 0.03, color=colour, edgecolor=edge)
        text = phrase(one).replace(": ", ":\n").replace(", or", ",\nor")
        ax.text(
            x + 0.5,
            at,
            text,
            ha="center",
            va="center",
            fontsize=9.5,
            color="white" if named else "ink",
        )
    ax.set(xlim=(0, 2), ylim=(0.5 - len(TOOLS), 0.5))
    ax.set(yticks=[-at for at in range(len(TOOLS))], yticklabels=TOOLS)
    ax.set_xticks([0.5, 1.5], list(FAULTS.values()))
    ax.grid(False)


def traceback_names(rows):
    one, other = of(rows, "waits", TRACEBACK), of(rows, "blocks", TRACEBACK)
    because = (
        f"of tasks that wait for each other faulthandler {phrase(one)}; of a call that"
        f" blocks it {phrase(other)}."
    )
    return one["names_line"], because


def names(tool):
    """A check: does this tool name the line of either fault?"""

    def check(rows):
        found = {fault: of(rows, program, tool) for program, fault in FAULTS.items()}
        because = "; ".join(f"{fault}: {tool} {phrase(one)}" for fault, one in found.items()) + "."
        lines = [one["names_line"] for one in found.values()]
        if None in lines:
            return None, next(one["why"] for one in found.values() if one["why"]) + "."
        return all(lines), because

    return check


CLAIMS = [
    Claim(
        "asyncio.traceback-names",
        "The traceback of each thread names the line at which a task waits.",
        {},
        traceback_names,
    ),
    Claim(
        "asyncio.tasks-name",
        "asyncio.all_tasks() names the line at which each task waits or blocks.",
        {},
        names(TASKS),
    ),
    Claim(
        "asyncio.pstree-names",
        "python -m asyncio pstree names, from outside, the line at which each task waits or"
        " blocks.",
        {},
        names(TREE),
    ),
]
