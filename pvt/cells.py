"""A cell as it is, as a program: `%load_ext pvt`, then `%%pvt search`, `%%pvt step` or `%%pvt
watch` at its top."""

import shlex

from pvt.problem import Problem
from pvt.stepper import asking, view
from pvt.stepper.command import parser
from pvt.terminal import Parser
from pvt.watcher.asking import EXECUTORS, SECONDS, watch_text


def load_ipython_extension(shell):
    """`%load_ext pvt`."""
    shell.register_magic_function(magic, "cell", "pvt")


def magic(line, cell):
    """Do with a cell what the line says; the options are those of the terminal. Raises Problem
    for another word."""
    try:
        command, *words = shlex.split(line) or [""]
    except ValueError as problem:
        raise Problem(f"%%pvt {line}: {problem}.") from None
    text = cell + "\n"
    if command not in ("search", "step", "watch"):
        raise Problem(f"%%pvt {command}: there are “%%pvt search”, “%%pvt step” and “%%pvt watch”.")
    if not cell.strip():
        raise Problem(f"the cell is empty: paste a program below “%%pvt {command}”.")
    try:
        if command == "watch":
            return watch_text(text, **watch_options(words))
        given = parser(f"%%pvt {command}", file=False).parse_args(words)
    except SystemExit:  # --help has been printed
        return None
    if command == "search":
        options = given.preemptions, given.seconds, given.world, given.also, given.cluster
        return asking.search(text, *options)
    return view.step(text, given.world, also=given.also)


def watch_options(words):
    """The options of `%%pvt watch`."""
    made = Parser(prog="%%pvt watch")
    made.add_argument("--seconds", type=float, default=SECONDS)
    made.add_argument("--python")
    made.add_argument("--executor", choices=EXECUTORS)
    return vars(made.parse_args(words))
