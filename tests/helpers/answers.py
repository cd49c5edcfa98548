"""A learner's answers to exercises: right ones pass, and typical wrong ones are explained."""

import pvt


def solves(name, text, expected=""):
    """The text solves the exercise, and the reply says what is expected."""
    answer = pvt.check(name, text)
    assert answer.passed, answer.because
    assert expected in answer.because, answer.because


def refused(name, text, expected):
    """The text does not solve it, and the reply says what is expected."""
    answer = pvt.check(name, text)
    assert not answer.passed, answer.because
    assert expected in answer.because, answer.because
