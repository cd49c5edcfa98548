"""Verdicts from a terminal: decide all, keep them in a file, compare two such files."""

import argparse
import json
import shutil
import sys
import textwrap
from pathlib import Path

from pvt import ledger, progress, recorded, report
from pvt.learner import noting
from pvt.problem import Problem


class Parser(argparse.ArgumentParser):
    """The options of a command, or of a cell's magic: raises Problem where argparse would end
    the interpreter."""

    def error(self, message):
        raise Problem(f"{self.prog}: {message}; {' '.join(self.format_usage().split())}.")


def verdicts(words):
    parser = Parser(prog="pvt verdicts")
    parser.add_argument("names", nargs="*", metavar="CLAIM or EXPERIMENT")
    parser.add_argument("--python", help="path or version of another interpreter")
    parser.add_argument("--json", action="store_true", help="one JSON object a line: a record")
    parser.add_argument(
        "--html", metavar="FILE", help="write a page to keep, beside the recorded machines"
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="on every machine of this cluster of dask.distributed"
    )
    chosen = parser.parse_args(words)
    pairs = ledger.find(chosen.names)
    if chosen.html:
        writable(chosen.html)
    if chosen.cluster:
        return on_cluster(chosen, pairs)
    typed = [
        word for word in words if "--html" not in word and word != chosen.html
    ]  # where it is kept is no matter
    record = recorded.begun(" ".join(["python -m pvt verdicts", *typed]), chosen.python)
    if chosen.json:
        print(json.dumps(recorded.head(record)), flush=True)
    whole = decide(
        record, ledger.Deciding(pairs, chosen.python), recorded.line if chosen.json else spoken
    )
    if chosen.html:
        page = report.page(report.beside(record), "Verdicts on processes and threads")
        write(chosen.html, page)
        print(f"written: {chosen.html}", file=sys.stderr)
    return 0 if whole else 1


def on_cluster(chosen, pairs):
    """Every claim on every machine of a cluster; with --html one page, with a column for each
    machine."""
    from pvt import everywhere

    def tell(machine, entry):
        line = {"machine": machine} | json.loads(recorded.line(entry))
        print(json.dumps(line) if chosen.json else f"{machine}  {spoken(entry)}", flush=True)

    records = everywhere.records(chosen.cluster, pairs, tell)
    if chosen.html:
        title = "Verdicts on processes and threads, machine by machine"
        Path(chosen.html).write_text(report.page(records, title), "utf-8")
        print(f"written: {chosen.html}", file=sys.stderr)
    decided = [entry for record in records.values() for entry in record.entries]
    return 0 if all(entry.because != everywhere.LOST for entry in decided) else 1


def writable(path):
    """Raises ValueError now, not when all is decided, where `write` would."""
    try:
        Path(path).open("a").close()
        refuse_all_but_pages(path)
    except OSError as problem:
        raise Problem(f"{path} cannot be written: {problem.strerror}") from None


def write(path, text):
    """Write a page, also over an older one, but over nothing else. Raises ValueError where that
    fails, a full disk for one."""
    file = Path(path)
    try:
        refuse_all_but_pages(path)
        file.write_text(text, "utf-8")
    except OSError as problem:
        raise Problem(f"{path} cannot be written: {problem.strerror}") from None


def refuse_all_but_pages(path):
    """Raises Problem where a file is there that is no page."""
    file = Path(path)
    if file.is_file() and not is_page(file):
        raise Problem(f"{path} is there and is no page (HTML): name another file.")


def is_page(file):
    """Whether a file is empty or begins as a page does. Raises OSError."""
    with file.open("rb") as opened:
        begins = opened.read(100).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not begins or begins.startswith((b"<!doctype html", b"<html"))


def decide(record, deciding, shown):
    """Decide and print until all is done (True) or Ctrl-C was pressed; what is left over is
    noted as not decided."""
    total, unkept = len(deciding.pairs), ""

    def tell(text, share):
        progress.in_terminal(share, f"{len(record.entries)} of {total} claims. {text}")

    try:
        for entry in ledger.follow(deciding, tell):
            record.entries.append(entry)
            progress.gone()
            print(shown(entry), flush=True)
            unkept = noting.verdict(entry) or unkept
    except KeyboardInterrupt:
        progress.gone()
        print(f"stopped: {len(record.entries)} of {total} claims decided", file=sys.stderr)
        record.entries.extend(
            ledger.left_over(claim) for _, claim in deciding.pairs[len(record.entries) :]
        )
        return False
    progress.gone()
    print(unkept, end="\n" * bool(unkept), file=sys.stderr)
    return True


def spoken(entry):
    """A verdict for people: one line, or wrapped where a terminal ends."""
    first = f"{ledger.label(entry.value):13} {entry.id:24} {entry.says}"
    if not sys.stdout.isatty():
        return f"{first} – {entry.because}"
    wide = shutil.get_terminal_size().columns
    lines = [textwrap.fill(first, wide, subsequent_indent=" " * 39)]
    return "\n".join(
        [
            *lines,
            textwrap.fill(entry.because, wide, initial_indent=" " * 14, subsequent_indent=" " * 14),
        ]
    )


def compare(words):
    parser = Parser(prog="pvt compare", description="Two files of verdicts: what differs.")
    parser.add_argument(
        "files", nargs=2, metavar="FILE", help="written by verdicts --html, or verdicts --json"
    )
    parser.add_argument("--html", metavar="FILE", help="write both side by side")
    chosen = parser.parse_args(words)
    first, other = map(recorded.read, chosen.files)
    print("\n".join(report.compared(first, other)))
    if chosen.html:
        write(chosen.html, report.page({"A": first, "B": other}, "Verdicts of two machines"))
    return 0
