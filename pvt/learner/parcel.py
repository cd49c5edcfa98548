"""The file that is handed in: a record, verdicts if there are any, and solutions, with a checksum
over all of it.

The checksum finds what was damaged on its way. It is no signature: who wants to may make a new one.
"""

import hashlib
import json
from typing import NamedTuple

from pvt.learner import journal
from pvt.problem import Problem

FORMAT, VERSION = "pvt hand-in", 1
MOST = 20 << 20  # bytes of a file that is read at all


class Parcel(NamedTuple):
    """`rows`: the record without pictures. `ledger`: the lines of a file of verdicts, or "".
    `solutions`: texts."""

    name: str
    date: str
    rows: list
    ledger: str
    solutions: dict
    checksum: str = ""

    def text(self):
        """What stands in the file."""
        return json.dumps(sealed(self), indent=1) + "\n"


def sealed(parcel):
    """The parcel as a dict with its checksum."""
    inside = {"format": FORMAT, "version": VERSION} | parcel._asdict()
    inside["checksum"] = checksum(inside)
    return inside


def checksum(inside):
    """SHA-256 over everything else in it, whatever the order and the spacing."""
    rest = {key: value for key, value in inside.items() if key != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def opened(path):
    """The parcel in a file. Raises Problem that says why it is none: foreign, damaged, of a
    newer version."""
    if path.stat().st_size > MOST:
        raise Problem(f"foreign: larger than {MOST >> 20} MiB")
    try:
        inside = journal.decoded(path.read_bytes())
    except (ValueError, RecursionError):
        kind = (
            "damaged: not whole" if path.suffix == ".json" else "foreign: not made by pvt.hand_in"
        )
        raise Problem(kind) from None
    if not isinstance(inside, dict) or inside.get("format") != FORMAT:
        raise Problem("foreign: not made by pvt.hand_in")
    if inside.get("version") != VERSION:
        raise Problem(
            f"of another version of pvt: {inside.get('version')!r:.20}, this one reads {VERSION}"
        )
    if inside.get("checksum") != checksum(inside):
        raise Problem("damaged: the checksum does not fit, something was changed")
    return unpacked(inside)


def unpacked(inside):
    """The fields, each of its type; rows that this version does not know are left out."""
    wanted = {"name": str, "date": str, "rows": list, "ledger": str, "solutions": dict}
    if not journal.fits(inside, wanted) or not journal.is_date(inside["date"]):
        raise Problem("damaged: something is missing")
    rows = [row for row in inside["rows"] if journal.kind(row)]
    fields = [inside[key] for key in wanted if key != "rows"]
    name, date, ledger, solutions = fields
    return Parcel(name, date, rows, ledger, solutions, inside["checksum"])
