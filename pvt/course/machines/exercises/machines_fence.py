"""Be the storage: `write(disk, number, text)` refuses what comes from a holder that another has
followed.

`disk` is a dict that keeps what you put into it; at the beginning it is {"number": 0, "text": ""}.
Each holder of the lock has a number, and each is higher than the last one's. Return True where the
text is now in disk["text"], else False.
"""

from pvt.tools.learner import learners_function

ARGUMENTS = ("disk", "number", "text")
CASES = {
    "one holder writes twice": ((1, "a"), (1, "b")),
    "a late write comes": ((1, "a"), (2, "b"), (1, "late")),
    "two late writes come": ((3, "c"), (1, "late"), (2, "later"), (3, "d")),
    "the first holder never wrote": ((2, "b"), (1, "late"), (4, "d"), (2, "later")),
}


def run(*, source, name):
    write = learners_function(source, name)
    for case, writes in CASES.items():
        disk, newest, kept = {"number": 0, "text": ""}, 0, ""
        for number, text in writes:
            right = number >= newest
            got = write(disk, number, text)
            newest, kept = max(newest, number), text if right else kept
            there = disk.get("text")
            yield {
                "case": case,
                "number": number,
                "newest": newest,
                "right": right,
                "got": got if type(got) is bool else None,
                "type": type(got).__name__,
                "there": there if isinstance(there, str) else None,
                "kept": kept,
            }


def judge(rows):
    for row in rows:
        if why := wrong(row):
            return False, f"Where {row['case']}: {why}"
    return True, f"{len(rows)} writes, and no late one got through."


def wrong(row):
    """What is wrong with this row, or None."""
    who = f"the holder with number {row['number']}"
    if row["got"] is None:
        return f"True or False is wanted. The result is of type {row['type']}."
    if row["right"] and row["there"] != row["kept"]:
        return f"{who} wrote, and nobody had followed it; yet its text is not on the disk."
    if not row["right"] and row["there"] != row["kept"]:
        return f"{who} came late, after number {row['newest']}, and its text is on the disk."
    if row["right"] != row["got"]:
        return (
            f"the text of {who} is {'' if row['right'] else 'not '}on the disk, and you said"
            f" {row['got']}."
        )
    return None
