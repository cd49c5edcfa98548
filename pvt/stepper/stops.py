"""What ends a thread's turn: the end of the run, a failure put in plain words."""

import os
import re
from pathlib import PurePath

SOURCE_NAME = "<program>"
"""The file name that a program's bytecode carries."""
LIBRARY = "<caches>"
"""The same of functools and collections, of which no story speaks: the program's line that calls
them counts."""
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
"""Where an object lies, in its text: elsewhere in every process."""
FOLDER = re.compile(r"[^\s'\"]*pvt-[0-9a-f]{16}[/\\]+program-\w{8}")
"""The folder in which a program runs, in a text: another one in every process."""

LIBRARIES = os.path.dirname(os.__file__) + os.sep
"""Where Python's own modules lie, in the text of a task that runs one's coroutine."""


class Stop(BaseException):
    """Unwinds a thread whose run is over; programs never see a reason to catch it."""


class ProgramError(BaseException):
    """The program cannot be run under the scheduler; the text is a sentence for the learner.

    Not an Exception: a program that catches everything must not hide it.
    """


def refusal(error):
    """The ProgramError that this exception came after, as the program cleaned up; or None."""
    for _ in range(99):
        if error is None or isinstance(error, ProgramError):
            return error
        error = error.__context__
    return None


def settled(text):
    """A text without what is another one in every process."""
    if "program-" in text:
        text = FOLDER.sub("…", text)
    text = text.replace(LIBRARIES, "")
    return ADDRESS.sub("", text) if " at 0x" in text else text


def failure(error, number, files=(), born=None):
    """The sentence for an exception that came out of a thread.

    `files`: what is stepped besides the program. `born`: file and line that started the thread."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    text = settled(str(error))
    text = f": {text}" if text else ""
    raised = f"raised {type(error).__name__}{text}"
    places = [place for place in trail_of(error) if place[0] == SOURCE_NAME or place[0] in files]
    if isinstance(error, AssertionError) and places and places[-1] == trail_of(error)[-1]:
        return f"thread {number}: the assert in {place_text(*places[-1])} failed{text}"
    if places:
        own = [place for place in places if place[0] == SOURCE_NAME]
        return f"thread {number}: {place_text(*(own or places)[-1])} {raised}"
    started = f", started in {place_text(*born)}," if born else ""
    return f"thread {number}{started} {raised}"


def place_text(file, line):
    """A place in the program, in words; a line of another file with the file's name."""
    if line is None:
        return "the end of the program"
    return f"line {line}" if file == SOURCE_NAME else f"line {line} of {file_text(file)}"


def file_text(file):
    """What a file is called: by its name, a package's first file with the package."""
    path = PurePath(file)
    return f"{path.parent.name}/{path.name}" if path.name == "__init__.py" else path.name


def trail_of(error):
    """File and line of each call that an exception came out of, the innermost last."""
    places, trail = [], error.__traceback__
    while trail is not None:
        places.append((trail.tb_frame.f_code.co_filename, trail.tb_lineno))
        trail = trail.tb_next
    return places


def line_of(error):
    """The line of the program where an exception arose, or None."""
    if isinstance(error, SyntaxError) and error.filename == SOURCE_NAME:
        return error.lineno
    return next((line for file, line in reversed(trail_of(error)) if file == SOURCE_NAME), None)
