"""A learner's way through the whole course without a browser: every lab, a quiz, an exercise, a
puzzle, a hand-in."""

import sys

import pvt
from pvt import course, questions, runner
from pvt.views.lab import Lab

runner.ROOT = sys.argv[
    1
]  # where the children look for pvt, and for what notes their files and connections


def labs():
    for name in course.names():
        experiment = course.load(name)
        domains = course.domains(experiment.run)
        small = {
            key: min(allowed) for key, (allowed, usual) in domains.items() if type(usual) is int
        }
        lab = Lab(
            name, course.checked(name, small), dict.fromkeys(experiment.OUTCOMES, ""), 60.0, small
        )
        lab.predicted = experiment.OUTCOMES[0]
        lab.work(runner.Running(name, lab.values(), seconds=60.0))


def quiz(chapter):
    shown = pvt.quiz(chapter)
    shown.answer({"answer": "5" if shown.drawn[0][0].is_number else 0})


labs()
for chapter in questions.chapters():
    quiz(chapter)
pvt.check("race_break", "def attack(account, times):\n    account.write(0)\n")
pvt.search("lost_update", preemptions=1)
pvt.verdict("thread.shared")
pvt.begin("04")
pvt.record()
pvt.hand_in("Ann").write()
