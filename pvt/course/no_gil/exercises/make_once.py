"""Make each thing once: `get(cache, guard, key, make)`.

Return `cache[key]`. If it is not there, make it by `make(key)`, which is expensive, and keep it. Four threads ask for
the same key at the same time; it may be made only once. `guard` is a lock that all threads share.
"""

import threading
import time

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("cache", "guard", "key", "make")
WORKERS, KEYS, COST = 4, ("red", "green", "blue"), 0.01  # seconds to make one


def run(*, source, name):
    get, cache, guard = learners_function(source, name), {"grey": "GREY"}, threading.Lock()
    made = []

    def make(key):
        made.append(key)
        time.sleep(COST)
        return key.upper()

    for key in (*KEYS, "grey"):
        answers = []

        def ask(key=key, answers=answers):
            answers.append(get(cache, guard, key, make))

        together(*[ask] * WORKERS)
        wrong = [one for one in answers if one != key.upper()]
        yield {
            "key": key,
            "made": made.count(key),
            "kept": cache.get(key) == key.upper(),
            "wrong": repr(wrong[0]) if wrong else None,
            "free": not guard.locked(),
        }


def judge(rows):
    for row in rows[::-1]:  # the one that was there comes first
        key = row["key"]
        if not row["free"]:
            return False, f"{key}: the guard is still held afterwards. Use with guard."
        if row["wrong"] is not None:
            return False, f"{key}: you returned {row['wrong']} instead of what is in the cache."
        if key == "grey" and row["made"]:
            return (
                False,
                f"grey was in the cache, and was made {row['made']} times. An argument is computed before the call.",
            )
        if not row["kept"]:
            return False, f"{key}: it was made, but it is not in the cache afterwards."
        if row["made"] > 1 and key != "grey":
            return (
                False,
                f"{key} was made {row['made']} times. Looking and making must be one step, under the guard.",
            )
    return (
        True,
        f"{WORKERS} threads asked for each of {len(rows)} keys, and each was made once at most.",
    )
