"""What ends a thread's turn: the end of the run, a failure put in plain words."""

import re

SOURCE_NAME = "<program>"
"""The file name that a program's bytecode carries."""
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
"""Where an object lies, in its text: elsewhere in every process."""


class Stop(BaseException):
    """Unwinds a thread whose run is over; programs never see a reason to catch it."""


class ProgramError(BaseException):
    """The program cannot be run under the scheduler; the text is a sentence for the learner.

    Not an Exception: a program that catches everything must not hide it.
    """


def failure(error, number, ordinary=False):
    """The sentence for an exception that came out of a thread."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    line = line_of(error)
    text = ADDRESS.sub("", str(error))
    if isinstance(error, AssertionError):
        return f"thread {number}: the assert in line {line} failed" + (f": {text}" if text else "")
    return f"thread {number}: line {line} raised {type(error).__name__}" + (
        f": {text}" if text else ""
    )


def line_of(error):
    """The line of the program where an exception arose, or None."""
    if isinstance(error, SyntaxError) and error.filename == SOURCE_NAME:
        return error.lineno
    line, trail = None, error.__traceback__
    while trail is not None:
        if trail.tb_frame.f_code.co_filename == SOURCE_NAME:
            line = trail.tb_lineno
        trail = trail.tb_next
    return line
