"""Watch a program of one's own: pvt.watch("my.py")."""

import os
from pathlib import Path

from pvt.course import your_program
from pvt.problem import Problem
from pvt.runner import MEMORY, ROWS, Running
from pvt.watcher.watched import watched

SECONDS = 30.0
LATER = 15.0  # seconds that the runner waits beyond the program's limit
FAR = "pvt.watcher.far"
# what the runner sets for a child, and the program has as its caller has it
OWN = (
    *("PYTHONUTF8", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME"),
    *("TMPDIR", "TEMP", "TMP"),
)
EACH_SECOND = 200  # rows at most
EXECUTORS = ("thread", "process", "interpreter")


def watch(file, args=(), *, seconds=SECONDS, given=None, python=None, executor=None, ask=None):
    """Run a program for real and show who ran, who waited, for what, and what that means.

    In a notebook a panel asks for a prediction first; with `ask=False`, and elsewhere, the
    `Watched` comes at once. `args`: the program's arguments; `given`: what it reads from standard
    input; `seconds`: the time limit; `python`: path or version of another interpreter; `executor`:
    "thread", "process" or "interpreter" in place of the executor that it makes. Raises ValueError
    for a file that is not there or not Python. Whatever the program does, a crash too, raises
    nothing: it is the result.
    """
    program = Program(file, args, seconds=seconds, given=given, python=python, executor=executor)
    if ask if ask is not None else in_notebook():
        from pvt.watcher.view import panel

        return panel(program)
    return program.watched()


def watch_text(text, name="cell.py", **options):
    """The same for a program given as text, as `%%pvt watch` does."""
    ask = options.pop("ask", None)
    program = Program(name, options.pop("args", ()), text=text, **options)
    if ask if ask is not None else in_notebook():
        from pvt.watcher.view import panel

        return panel(program)
    return program.watched()


def in_notebook():
    """Whether a notebook's kernel is asking."""
    import sys

    asking = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(asking, "kernel", None) is not None


class Program:
    """A program to watch, checked, and how it is to be started."""

    def __init__(
        self, file, args=(), *, text=None, seconds=SECONDS, given=None, python=None, executor=None
    ):
        if isinstance(args, str) or not all(isinstance(word, str) for word in args):
            raise Problem(
                f"args={args!r} are not arguments; allowed: a list of strings, such as ['--fast',"
                " '3']."
            )
        if given is not None and not isinstance(given, str):
            raise Problem(f"given={given!r} is no input; allowed: a string, or None for no input.")
        if executor not in (None, *EXECUTORS):
            raise Problem(
                f"executor={executor!r} is unknown; allowed: {', '.join(EXECUTORS)}, or None."
            )
        if not isinstance(seconds, int | float) or not seconds > 0:
            raise Problem(f"seconds={seconds!r} is not a time limit; allowed: a number above 0.")
        self.text = text
        self.file = str(file) if text is not None else found(file)
        self.args, self.seconds, self.given = list(args), seconds, given
        self.python, self.executor = python, executor
        self.source = text if text is not None else read(self.file)
        if text is None:
            refuse_notebook(self.name, self.source)
        if python is None:
            parsed(self.name, self.source)

    @property
    def name(self):
        return os.path.basename(self.file)

    def changed(self, **changes):
        """The same program under other conditions."""
        kept = {
            key: getattr(self, key)
            for key in ("args", "text", "seconds", "given", "python", "executor")
        }
        return Program(self.file, **(kept | changes))

    def running(self):
        """The run, not yet begun."""
        params = {"file": self.file, "text": self.text, "args": self.args, "folder": os.getcwd()}
        params |= {"seconds": self.seconds, "given": self.given, "executor": self.executor}
        params |= {
            "pythonpath": os.environ.get("PYTHONPATH"),
            "env": {name: os.environ.get(name) for name in OWN},
        }
        limit = self.seconds + LATER
        rows = ROWS + int(min(1e9, EACH_SECOND * limit))
        options = {"python": self.python, "seconds": limit, "memory": MEMORY, "rows": rows}
        return Running("watch", params, module=FAR, **options)

    def watched(self, running=None, tell=None):
        """Run it to its end, or until it is interrupted; `tell` hears each row."""
        running = running or self.running()
        try:
            for row in running:
                if tell and row:
                    tell(row)
        except KeyboardInterrupt:
            running.stop()
            for _ in running:  # one that had not begun is noted as stopped
                pass
        return watched(self.name, running.result(), self.text)


def found(file):
    """The full path of a program. Raises Problem."""
    path = os.path.abspath(os.path.expanduser(os.fspath(file)))
    if not os.path.exists(path) and (own := courses().get(os.fspath(file))):
        return own
    if os.path.isdir(path):
        raise Problem(f"{file} is a folder; name the program's file in it, such as {file}/main.py.")
    if not os.path.exists(path):
        folder, name = os.path.split(path)
        if not os.path.isdir(folder):
            raise Problem(f"there is no file {file}, because there is no folder {folder}.")
        near = sorted(one for one in os.listdir(folder) if one.endswith(".py"))
        there = f"; there are {', '.join(near[:6])}" if near else ""
        raise Problem(
            f"there is no file {name} in {folder}{there}. Name it from {os.getcwd()}, or in full."
        )
    return path


def courses():
    """The programs of chapter 14: name -> path."""
    return {
        path.stem: str(path)
        for path in sorted(Path(your_program.__file__).parent.glob("programs/*.py"))
    }


def read(path):
    """The text of a program. Raises Problem."""
    import tokenize

    try:
        with tokenize.open(path) as file:
            return file.read()
    except OSError as problem:
        raise Problem(f"{path} cannot be read: {problem.strerror}.") from None
    except (SyntaxError, UnicodeDecodeError):
        raise Problem(
            f"{os.path.basename(path)} is not Python: it is not even text. Name a program's .py"
            " file."
        ) from None


def refuse_notebook(name, source):
    """Raises Problem for a notebook: as Python it would be one value, and do nothing."""
    if name.endswith(".ipynb") or (source.lstrip()[:1] == "{" and '"nbformat"' in source):
        raise Problem(
            f"{name} is a notebook, and no program. Watch one cell of it, with %%pvt watch as its"
            " first line, or name a .py file."
        )


def given_by(path):
    """What a file gives to standard input, byte by byte; as text that keeps every byte. Raises
    Problem."""
    try:
        return Path(path).expanduser().read_bytes().decode("utf-8", "surrogateescape")
    except OSError as problem:
        raise Problem(f"--input {path} cannot be read: {problem.strerror}.") from None


def parsed(name, source):
    """Raises Problem if a text is not Python."""
    try:
        compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as problem:
        parts = [f"line {problem.lineno}"] * bool(problem.lineno)
        parts += filter(None, [problem.msg, (problem.text or "").strip()])
        raise Problem(f"{name} is not Python: {': '.join(parts)}") from None
    except ValueError as problem:
        raise Problem(f"{name} is not Python: {problem}.") from None
