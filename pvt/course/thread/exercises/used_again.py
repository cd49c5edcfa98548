"""Which ids were used again? `used_again(ids)` returns how many threads got an id that an earlier one had had.

`ids` is the list of the ids of threads, in the order in which they began.
"""

import itertools
import threading

from pvt.tools.learner import learners_function

ARGUMENTS = ("ids",)
MADE_UP = ([], [5], [5, 6, 7], [5, 6, 5, 5, 7], [5, 5, 6, 6])


def run(*, source, name):
    function = learners_function(source, name)
    for ids in [*MADE_UP, short_lives(12)]:
        answer = function(list(ids))
        number = isinstance(answer, int) and not isinstance(answer, bool)
        yield {
            "ids": ", ".join(map(str, ids)),
            "threads": len(ids),
            "different": len(set(ids)),
            "more_than_once": sum(ids.count(one) > 1 for one in set(ids)),
            "of_those": sum(ids.count(one) > 1 for one in ids),
            "neighbours": sum(one == other for one, other in itertools.pairwise(ids)),
            "answer": answer if number else None,
            "returned": type(answer).__name__,
        }


def short_lives(count):
    """The ids of real threads, each ended before the next one begins."""
    ids = []
    for _ in range(count):
        thread = threading.Thread(target=lambda: ids.append(threading.get_ident()))
        thread.start()
        thread.join()
    return ids


COUNTED = {  # what may have been counted instead, in all lists
    "of_those": "The first thread with an id does not use it again.",
    "more_than_once": "You counted ids; count the threads: an id can be used again many times.",
    "different": "You counted the different ids; the others are the ones used again.",
    "threads": "You counted all threads. Those whose id is new do not belong to it.",
    "neighbours": "You looked at the thread right before only. Any earlier thread may have had the id.",
}


def judge(rows):
    for row in rows:
        right = row["threads"] - row["different"]
        if row["answer"] is None:
            return (
                False,
                f"The result is of type {row['returned']}. Return a number: how many threads.",
            )
        if row["answer"] == right:
            continue
        text = f"For the ids {row['ids'] or '(none)'} the answer is {right}, not {row['answer']}."
        counted = (
            why for key, why in COUNTED.items() if all(one["answer"] == one[key] for one in rows)
        )
        return (
            False,
            f"{text} {next(counted, 'Go through the list and keep the ids seen so far in a set.')}",
        )
    last = rows[-1]
    return True, (
        f"all {len(rows)} lists are right. In the last, {last['answer']} of {last['threads']} real threads"
        " got the id of one that had ended."
    )
