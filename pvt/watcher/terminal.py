"""`python -m pvt watch FILE [--seconds S] [--json] [--html FILE] [-- ARGS]`."""

import sys

from pvt.problem import Problem
from pvt.terminal import Parser, writable, write
from pvt.watcher import asking

PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    '<body style="font-family:sans-serif;max-width:62em;margin:2em auto">'
    "<h1>{title}</h1>{body}</body></html>"
)


def main(words):
    """Watch a program; the exit status is its own, 1 if a limit or a signal ended it."""
    words, behind = split(words)
    parser = Parser(
        prog="pvt watch", description="Run a program and say who ran, who waited, and for what."
    )
    parser.add_argument("file", help="the program")
    parser.add_argument("--seconds", type=float, default=asking.SECONDS, help="time limit")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line; the program prints to stderr"
    )
    parser.add_argument(
        "--html", metavar="FILE", help="write picture, table and diagnosis as a page"
    )
    parser.add_argument(
        "--input", metavar="FILE", help="what the program reads from standard input"
    )
    parser.add_argument("--python", help="path or version of another interpreter")
    parser.add_argument(
        "--executor", choices=asking.EXECUTORS, help="in place of the executor that it makes"
    )
    chosen, unknown = parser.parse_known_args(words)
    if unknown:
        typed = " ".join(unknown)
        parser.error(
            f"{typed} is no option of watch; what is for the program stands behind --:"
            f" python -m pvt watch {chosen.file} -- {typed}"
        )
    given = asking.given_by(chosen.input) if chosen.input else None
    options = {
        "seconds": chosen.seconds,
        "given": given,
        "python": chosen.python,
        "executor": chosen.executor,
    }
    program = asking.Program(chosen.file, behind, **options)
    if chosen.html:
        writable(chosen.html)
    out = sys.stderr if chosen.json else sys.stdout

    def tell(row):
        if "out" in row:
            hand_on(row["out"], out)
        elif "err" in row:
            hand_on(row["err"], sys.stderr)

    watched = program.watched(tell=tell)
    if chosen.json:
        print("\n".join(watched.json_lines()))
    else:
        print("\n" * (bool(watched.output) and not watched.output.endswith("\n")) + str(watched))
    if chosen.html:
        body = watched.html(watched.draw())
        write(chosen.html, PAGE.format(title=watched.program, body=body))
        print(f"written: {chosen.html}", file=sys.stderr)
    if watched.ending == "finished":
        return 0
    return watched.code if watched.code and watched.code > 0 else 1


def hand_on(text, file):
    """Print what the program has printed, byte by byte."""
    data = text.encode("utf-8", "surrogateescape")
    file.flush()
    if hasattr(file, "buffer"):
        file.buffer.write(data)
        file.buffer.flush()
    else:  # it takes text only
        file.write(data.decode("utf-8", "replace"))


def split(words):
    """What stands before -- and what behind it.

    Raises Problem where the program's arguments stand before it.
    """
    if "--" not in words:
        return words, []
    at = words.index("--")
    if at == 0:
        raise Problem("watch needs a program before --: python -m pvt watch FILE -- ARGS.")
    return words[:at], words[at + 1 :]
