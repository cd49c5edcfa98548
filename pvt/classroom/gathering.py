"""The hand-ins of a folder: what can be counted, and what is left out, with the reason."""

import json
import os
import unicodedata
from pathlib import Path
from typing import NamedTuple

from pvt.classroom import counting
from pvt.learner import journal, parcel
from pvt.problem import Problem


class Class(NamedTuple):
    """`parcels`: file name -> what was handed in. `left_out`: (file name, why)."""

    parcels: dict
    left_out: list


def gathered(folder):
    """What lies in a folder and in the folders below it; hidden files are not looked at.

    Raises ValueError where there is no such folder.
    """
    name, folder = folder, Path(folder)
    if not str(name) or not folder.is_dir():
        raise Problem(
            f"{str(name)!r} is no folder: name the one that holds the files of pvt.hand_in."
        )
    parcels, left_out = {}, []
    for path in files(folder):
        name = os.fsencode(path.relative_to(folder)).decode("utf-8", "replace")
        try:
            one = parcel.opened(path)
            counting.countable(name, one)
            parcels[name] = one
        except (Problem, OSError) as problem:
            left_out.append((name, str(problem)))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            left_out.append((name, "damaged: something in it cannot be counted"))
    doubles = doubled(parcels)
    left_out += doubles.items()
    return Class(
        {name: one for name, one in parcels.items() if name not in doubles}, sorted(left_out)
    )


def files(folder):
    """The files in order of their names, without those in hidden folders."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    shown = [path for path in found if not hidden(path.relative_to(folder))]
    return sorted(shown)


def hidden(path):
    return any(part.startswith(".") for part in path.parts)


def doubled(parcels):
    """file name -> why it is left out: the same file again, an older one of the same name, or a
    copied record."""
    out, seen = {}, {}
    for name, one in sorted(parcels.items(), key=newest_first):
        for key, why in marks(one):
            if key in seen and name not in out:
                out[name] = f"doubled: {why} {seen[key]}"
        if name not in out:
            seen |= {key: name for key, _ in marks(one)}
    return out


def newest_first(pair):
    """A key to sort (file name, parcel) by: the newest first, then by file name."""
    name, one = pair
    return -journal.moment(one.date).timestamp(), name


def marks(one):
    """What no two hand-ins may have in common, with the words for it."""
    yield ("checksum", one.checksum), "the same as"
    yield (
        ("name", unicodedata.normalize("NFC", one.name).casefold()),
        "an older one of the same name as",
    )
    if one.rows:
        yield ("rows", json.dumps(one.rows, sort_keys=True)), "holds the same record as"
