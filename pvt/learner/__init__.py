"""What the course remembers of a learner: the record, what it says, what to repeat, and what is
handed in."""
