# %% [markdown]
# # 02 · What is a thread?
#
# A shop kept its prices in a cache: one dictionary, used by all its threads. One thread, in a rarely used report, divided every price it found by 1.19 to get rid of the tax. It did so in place, in the cache. For an hour the shop sold everything without tax.
#
# The report itself was right. No thread crashed, no lock was missing. The other threads had done nothing wrong either. They just lived in the same memory.
#
# **Why it matters.** Threads are there *because* they share. Whatever one of them can reach, each of them can spoil.
#
# *Reading time: 10 minutes.* After it you will be able to say:
#
# 1. what the threads of a process have in common, and what each has for itself,
# 2. how you tell threads apart, and for how long,
# 3. where a thread lives, as the operating system sees it.

# %% [markdown]
# ## Do all threads see the same list?
#
# The lab of chapter 01 again, with more workers. Look at the first group only: the threads. Each appends its mark and tells what it then sees.

# %%
import pvt

pvt.lab("memory", workers=5, predict={
    "Those of threads and processes": "Each process wrote to a list of its own: the orange bars do not grow.",
    "Only those of threads": "If a thread's mark was missing, look at the rows: did every worker answer?",
    "None of them": "Nothing is sent back and nothing is copied. How many lists are there in a process?",
})

# %% [markdown]
# **What to look for.** The blue bars are a staircase: each thread finds what those before it have written. Below *thread* stands *1 pid, 1 id*: one process, one list. No thread had to send anything. No thread had to be asked, either.

# %%
pvt.verdict("thread.shared")

# %% [markdown]
# ## Which id names a thread for good?
#
# A log says: *thread 140213 opened the file*. An hour later: *thread 140213 deleted it*. The same thread?
#
# `threading.get_ident()` is unique **among the living**. The lab lets eight waves of two threads tell their ids.

# %%
pvt.lab("identity", together=2, waves=8, predict={
    "Every id is new": "The blue line stops rising after the first wave. Whose ids do the later threads have?",
    "Some thread ids are used again": "If none was: run it again with more waves.",
    "Process ids are used again": "Not that soon. The blue line is about threads.",
})

# %% [markdown]
# **What to look for.** The thread id (circles) is an address: a new thread gets the memory of one that has ended, and so its id. The native id (dots) is counted by the system and comes back much later. The lowest line: the main threads of forked processes all have **one** thread id. It is unique in its process, no further.

# %%
pvt.verdict("thread.tid", "thread.tid-again")

# %% [markdown]
# ## Where does a thread live?
#
# "A lightweight process", some say. The system can tell. The lab starts two processes with two more threads each, and then asks the operating system what it sees.

# %%
pvt.lab("tree", predict={
    "Processes only": "On Linux, each process has a folder /proc/<pid>/task with an entry for each of its threads.",
    "Processes, with their threads inside": "If it was otherwise: does this system have a /proc to ask?",
    "Processes and threads side by side": "A thread has no place of its own in the tree. Look into the boxes.",
})

# %% [markdown]
# **What to look for.** Each orange box is a process, with its threads inside. The main thread has the number of its process. Are there *helpers* that you did not start? `multiprocessing` did, if processes are not simply forked here.

# %%
pvt.verdict("thread.pid", "thread.inside")

# %% [markdown]
# <!-- PLACE FOR: space – each thread has a stack of its own (thread.own-stack) -->

# %% [markdown]
# ## What can you say now?
#
# 1. All threads of a process see the same objects: what one changes is changed for all.
# 2. No two living threads of a process have the same thread id; when a thread has ended, its id is given away.
# 3. A thread lives in one process, with its pid; the system counts threads as it counts processes.

# %%
pvt.verdict("thread.shared", "thread.tid", "thread.inside")

# %% [markdown]
# ## Exercise 1: a list for each thread
#
# The report should have had prices of its own. `store` is one `threading.local()`, handed to all threads. Write `remember(store, item)`: it adds the item to the list of the thread that calls, and returns this list. Two threads call by turns; later, new ones come and begin with nothing.

# %%
def remember(store, item):
    store.items = [item]
    return store.items

pvt.check("own_list", remember)

# %% [markdown]
# <details><summary>Hint</summary>
#
# An attribute of a `threading.local()` exists for each thread by itself. When a thread comes for the first time, `hasattr(store, "items")` is False.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def remember(store, item):
#     if not hasattr(store, "items"):
#         store.items = []
#     store.items.append(item)
#     return store.items
# ```
#
# </details>

# %% [markdown]
# ## Exercise 2: which ids were used again?
#
# `ids` lists the ids of threads in the order in which they began. Return how many of the threads got an id that an earlier one had had. The last list comes from real threads on this machine.

# %%
def used_again(ids):
    return len(set(ids))

pvt.check("used_again", used_again)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Each different id was new once. How many threads are left?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def used_again(ids):
#     return len(ids) - len(set(ids))
# ```
#
# </details>

# %% [markdown]
# ## What is the next question?
#
# Threads hand over a thing by pointing at it. Processes have to send it. How, and what does that cost? Chapter 03: [how do they talk?](03_talk.ipynb)
