"""How much does a forked child copy? `copied(page, places)` returns the bytes that copy-on-write has to copy.

`page` is the size of a page in bytes; `places` are the positions in the parent's buffer that the child
writes, one after the other. The buffer begins where a page begins.
"""

from pvt.tools.learner import learners_function

ARGUMENTS = ("page", "places")
CASES = (
    ("nothing is written", 4096, ()),
    ("one byte", 4096, (5,)),
    ("three bytes in one page", 4096, (0, 1, 4095)),
    ("the same byte twice", 4096, (9000, 9000)),
    ("the two sides of a border", 4096, (4095, 4096)),
    ("far apart, larger pages", 16384, (0, 20_000, 70_000, 71_000)),
)


def run(*, source, name):
    function = learners_function(source, name)
    for case, page, places in CASES:
        answer = function(page, list(places))
        number = isinstance(answer, int | float) and not isinstance(answer, bool)
        yield {
            "case": case,
            "page": page,
            "places": len(places),
            "expected": page * len({place // page for place in places}),
            "answer": answer if number else None,
            "returned": type(answer).__name__,
        }


def judge(rows):
    for row in rows:
        if row["answer"] is None:
            return (
                False,
                f"{row['case']}: the result is of type {row['returned']}. Return a number of bytes.",
            )
        if row["answer"] == row["expected"]:
            continue
        text = f"{row['case']} (pages of {row['page']:,} bytes): {row['answer']:,} is not right."
        if not row["places"]:
            return (
                False,
                f"{text} Where nothing is written, nothing is copied: both use the same pages.",
            )
        if row["answer"] == row["places"]:
            return False, f"{text} Not the byte is copied, but the whole page that it is in."
        if row["answer"] == row["places"] * row["page"]:
            return (
                False,
                f"{text} A page that has been copied is the child's own: it is not copied again.",
            )
        if row["answer"] * row["page"] == row["expected"]:
            return False, f"{text} That is the number of pages. How many bytes are they?"
        return False, f"{text} In which page is each place? place // page numbers them."
    return (
        True,
        f"all {len(rows)} cases are right: each page that is written to is copied once, as a whole.",
    )
