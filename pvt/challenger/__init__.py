"""Your server against ours: a program that listens goes through seven trials, beside the course's
servers.

`starting` serves a learner's file, `served` keeps a server and all that is below it, `calls` is the
client's side, `trials` are the seven, `far` runs them in the child. `asking` checks what is asked,
`view` and `terminal` show it.
"""
