"""The exercises of chapter 17: the solution passes, and typical wrong answers are told what is
wrong."""

import pytest
from answers import refused, solves

PAY = """
def pay_all(orders, bank):
    for number, part, amount in orders:
        bank.pay(amount, key=(number, part))
"""
BEST = """
def best(most, tasks, megabytes, compute, wire):
    def seconds(machines):
        if machines == 0:
            return tasks * compute
        turns = -(-tasks // machines)
        return tasks * megabytes / wire + turns * compute
    return min(range(most + 1), key=seconds)
"""
FENCE = """
def write(disk, number, text):
    if number < disk["number"]:
        return False
    disk["number"] = number
    disk["text"] = text
    return True
"""
SOLUTIONS = {"machines_pay": PAY, "machines_best": BEST, "machines_fence": FENCE}
REMEMBERED = """
def pay_all(orders, bank, done=set()):
    import uuid
    for number, part, amount in orders:
        if (number, part) not in done:
            bank.pay(amount, key=uuid.uuid4())
            done.add((number, part))
"""
WRONG = [
    (
        "machines_pay",
        PAY.replace("key=(number, part)", "key=object()"),
        "another key for the same part",
    ),
    (
        "machines_pay",
        REMEMBERED.replace(", done=set()", "").replace(
            "    import", "    done = set()\n    import"
        ),
        "another key for the same part",
    ),
    ("machines_pay", PAY.replace("key=(number, part)", "key='pay'"), "all have the same key"),
    *(
        (
            "machines_pay",
            PAY.replace("key=(number, part)", f"key={key}"),
            "Two parts had the same key",
        )
        for key in ("number", "amount", "(number, amount)", "(part, amount)", "number + part")
    ),
    (
        "machines_pay",
        PAY.replace(
            "for number, part, amount in orders:\n        bank.pay(amount, key=(number, part))",
            "for number, part, amount in orders:\n        try:\n"
            "            bank.pay(amount, key=(number, part))\n"
            "        except BaseException:\n            pass",
        ),
        "one was given up",
    ),
    ("machines_pay", "def pay_all(orders, bank):\n    pass\n", "nothing was paid"),
    ("machines_best", "def best(most, *job):\n    return most\n", "most of it for sending"),
    ("machines_best", "def best(most, *job):\n    return 0\n", "Nobody shared the computing"),
    (
        "machines_best",
        BEST.replace("megabytes / wire", "megabytes / wire / machines"),
        "most of it for sending",
    ),
    (
        "machines_best",
        BEST.replace("-(-tasks // machines)", "tasks / machines"),
        "A task is not cut in two",
    ),
    ("machines_best", BEST.replace("range(most + 1)", "range(most)"), "4 take 20.08 s"),
    ("machines_best", BEST.replace("return min", "return 1.0 * min"), "a whole number is wanted"),
    (
        "machines_fence",
        FENCE.replace("number < disk", "None and number < disk"),
        "came late, after number 2, and its text is on the disk",
    ),
    ("machines_fence", FENCE.replace("<", "<="), "nobody had followed it"),
    (
        "machines_fence",
        FENCE.replace('    disk["number"] = number\n', ""),
        "came late, after number 2",
    ),
    ("machines_fence", FENCE.replace("return False", "return True"), "and you said True"),
    ("machines_fence", FENCE.replace("    return True\n", ""), "True or False is wanted"),
]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_solution_passes(name):
    solves(name, SOLUTIONS[name])


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_told_why(name, text, expected):
    refused(name, text, expected)
