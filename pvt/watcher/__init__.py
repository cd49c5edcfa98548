"""Watch a program of one's own: who ran, who waited, for what, and what that means.

far        in the child: starts the program, looks at its processes from outside, sends what it sees
outside    reads /proc: what each thread has had of a core, and in which call it waits
inside/    in each Python of the program: notes of waits, tasks, pools, pickling, and of the GIL
lanes      what was sent becomes lanes: seconds of each state, a bin at a time
diagnosis  which sentences the figures allow
picture    the lanes drawn
watched    the result: picture, table, diagnosis
asking     pvt.watch; view in a notebook, terminal from a command line
"""
