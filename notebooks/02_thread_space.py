# %% [markdown]
# ## Does each thread have a stack of its own?
#
# A stack holds what a function needs while it runs, and where to go back to. Python's own locals are objects on the heap, so they cannot show it. Here each thread calls a C function that hands out the address of one of its locals. Which region of the map holds it?
#
# The picture also shows a second process, with a number at the same address. Will it be the same number?

# %%
import pvt

pvt.lab("space", threads=4, predict={
    "Both have the same number": "Threads would see that number: they share one map. Processes do not.",
    "Each has a number of its own": "If another answer came true: was the address free in the second process? Look at the rows.",
    "In the second, the address leads nowhere": "The second process began as a copy of the first, with the same map.",
})

# %% [markdown]
# **What to look for.** Every thread adds one blue block; all else stays one per process. Change *threads* and watch the total: each stack is 8 MiB of addresses (on most Linux systems), of which a few KiB are in use. That is why ten thousand threads "need 80 GB" only on paper.

# %%
pvt.verdict("thread.own-stack")

# %% [markdown]
# Own does not mean private. All threads share one map, so any of them can read, and overwrite, the stack of any other. The main thread has just done the first. A stray pointer in one thread can thus wreck the locals of another, and no permission is asked.

# %%
pvt.source("space")
