"""What a learner sees: the lab, the quiz, the page of all verdicts, the interview."""
