"""The record and the class from a terminal."""

import sys

from pvt.classroom import gathering
from pvt.classroom import page as class_page
from pvt.learner import journal, page
from pvt.problem import Problem
from pvt.terminal import Parser, write


def record(words):
    """What the learner has done: as text, as a page, as the lines of the file; or delete it."""
    parser = Parser(prog="pvt record", description="What you have done, on this machine alone.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--html", metavar="FILE", help="write it as a page")
    which.add_argument("--json", action="store_true", help="the lines of the record as they are")
    which.add_argument("--forget", action="store_true", help="delete the record")
    chosen = parser.parse_args(words)
    if chosen.forget:
        print(forgotten())
    elif chosen.html:
        put(chosen.html, page.file())
    elif chosen.json:
        sys.stdout.write(lines())
    else:
        print(page.record())
    return 0


def forgotten():
    """Delete the record, and say so. Raises Problem where that fails."""
    file = readable()
    try:
        count = journal.forget()
    except OSError as problem:
        raise Problem(f"{file} cannot be deleted: {problem.strerror}") from None
    return (
        f"forgotten: {count} line{'s' * (count != 1)} of {file}"
        if count
        else "there was nothing to forget"
    )


def lines():
    """The record as it is, lines of other versions too."""
    readable()
    return journal.contents().decode("utf-8", "replace")


def readable():
    """The record's path, or None. Raises Problem where something is there that cannot be read."""
    if trouble := journal.trouble():
        raise Problem(trouble)
    return journal.path()


def classroom(words):
    """All hand-ins of a folder on one page."""
    parser = Parser(prog="pvt class", description="What a class has handed in, on one page.")
    parser.add_argument("folder", metavar="FOLDER", help="the folder with the files of pvt.hand_in")
    parser.add_argument("--html", metavar="FILE", help="write it as a page")
    parser.add_argument("--names", action="store_true", help="say on the page who handed in what")
    chosen = parser.parse_args(words)
    gathered = gathering.gathered(chosen.folder)
    print(class_page.summary(gathered))
    if chosen.html:
        put(chosen.html, class_page.page(gathered, chosen.names))
    return 0


def put(path, text):
    """Write a page, and say so. Raises Problem where that fails."""
    write(path, text)
    print(f"written: {path}", file=sys.stderr)
