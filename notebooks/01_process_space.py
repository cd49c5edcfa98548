# %% [markdown]
# ## What lies in the memory of a process?
#
# The textbook draws a process as a column: code, data, heap, stack. Below is the real one, as the operating system lists it, for two processes with two further threads each. Before it starts, the second process was a copy of the first. The first keeps the number 1111 at some address. The second writes 2222 to **the same address**.
#
# What stands at that address, in each of them, when both have written?

# %%
import pvt

pvt.lab("space", predict={
    "Both have the same number": "Both would then share this memory. They can, if they ask for it; by default they do not.",
    "Each has a number of its own": "If another answer came true: was the address free in the second process? Look at the rows.",
    "In the second, the address leads nowhere": "With fork the second process begins as a copy, with the same map. With spawn it has to ask for memory there first.",
})

# %% [markdown]
# **What to look for.** The two columns look alike, and the number stands at the same address in both. An address is a number that each process looks up in a map of its own; what it leads to is a matter of whose map is asked. Set *start* to `spawn`: the second process is then a fresh one, and asks for memory at that very address.

# %%
pvt.verdict("process.address-space")

# %% [markdown]
# ## Is that all: stack, heap, data, code?
#
# The orange parts and the uppermost stack are the textbook's four. Most of what is in use has no place in that picture. *Libraries* are files, mapped rather than read. *Mapped* is memory asked for piece by piece; Python keeps most of its objects there, not in the heap. *Code* may look small: in many builds the interpreter itself is a library (`libpython`). *Reserved* is a claim on addresses without memory behind it.

# %%
pvt.verdict("process.four-segments")

# %% [markdown]
# These are sizes of *addresses*. How much real memory stands behind them is another question: look at *resident* in the rows. A thread's stack of 8 MiB uses a few KiB.

# %%
run = pvt.run("space")
[(row["name"], row["bytes"], row["resident"]) for row in run.rows if row["part"] == "stack" and row["what"] == "region"]

# %% [markdown]
# ## Can one process touch another's memory?
#
# A victim hides eight random bytes in its memory and tells us the address. Others try to read them: by simply following that address, and by the three ways in which Linux lets a process ask the kernel. One victim has shut its door: it has told the kernel that it does not want to be looked at.
#
# Who gets the secret?

# %%
pvt.lab("protect", predict={
    "Nobody": "How would a debugger work? Somebody may; the question is who.",
    "Root or its parent, but no stranger": "Many systems allow no more than this (ptrace_scope 1). This kernel's rule stands below the picture.",
    "Any process of the same user": "If it did not come out so, this system is stricter than most: its ptrace_scope, or a container's filter, stands in the way.",
})

# %% [markdown]
# **What to look for.** The first line: the bare address never leads there. The processor looks it up in the map of the process that asks, finds nothing, and the process is killed. The other lines are requests to the kernel, and it decides by permission: whose process is it, who asks, did it shut its door? Tick *shut* and run again: who is left?

# %%
pvt.verdict("process.walled", "process.protected")

# %% [markdown]
# So the wall is real, and it has a door. Debuggers and profilers live from it. *A process cannot read another's memory* is true of addresses. Of the kernel's services it is a rule, and rules have exceptions.

# %% [markdown]
# ## Does a process of its own make things safe?
#
# A worker locks itself in: half as many files as it will want, a quarter of the memory, no further processes, another user. Then it tries all four. Beside it: a child that is not locked in, the parent of both, and a process in which one *thread* sets those limits.
#
# Who is bound?

# %%
pvt.lab("confine", predict={
    "Only the worker, thread or process": "Look at the last column: that thread has set no limit.",
    "The worker's whole process, and no other": "If the parent was refused too, it was limited before we began: on this machine the lab proves nothing.",
    "Its parent as well": "A limit is kept for each process. A child inherits it; nothing goes back up.",
})

# %% [markdown]
# **What to look for.** First column: a plain child may do all that its parent may. A process is a place where limits *can* be set; it does not come with any. Last column: limits belong to the process, so a thread cannot be locked in alone. (Linux can give a single thread other rights by raw system calls. It still shares all its memory with the others, so it is no wall.) Then tick *sly*.

# %%
pvt.verdict("process.security", "thread.own-limits")

# %% [markdown]
# ## Exercise: read a map
#
# `lines` are the lines of `/proc/PID/maps`, such as
#
#     7f900000-7fa00000 r-xp 00000000 08:01 12      /opt/my shop/libtill.so
#
# Write `which_region(address, lines)`. It returns the name at the end of the line whose region holds the address (a whole number), `""` if that region has no name, and `None` if no region holds it. The two numbers in front are hexadecimal; the second is the first address that is *not* in the region.

# %%
def which_region(address, lines):
    return None

pvt.check("which_region", which_region)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `line.split(maxsplit=5)` gives at most six fields and leaves spaces in the last one alone. `int("7f900000", 16)` reads hexadecimal.
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def which_region(address, lines):
#     for line in lines:
#         fields = line.split(maxsplit=5)
#         begin, end = (int(text, 16) for text in fields[0].split("-"))
#         if begin <= address < end:
#             return fields[5] if len(fields) == 6 else ""
# ```
# </details>

# %% [markdown]
# ## Exercise: lock a worker in
#
# Write `prepare()`. It is called first in a fresh child process. After it, a modest job must still work: it opens 8 files and takes 16 MiB. A greedy one must be refused when it opens 200 files, and (on Linux) when it takes 400 MiB. The greedy one is sly: it lifts every soft limit as far as it can.

# %%
def prepare():
    pass

pvt.check("lock_in", prepare)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `resource.setrlimit(what, (soft, hard))` with `RLIMIT_NOFILE` and `RLIMIT_AS`. The soft limit binds; the hard one is how far it can be lifted again. What the child already has counts too, so leave some room.
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def prepare():
#     import resource
#
#     resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
#     resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
# ```
# </details>
