# %% [markdown]
# # 01 · What is a process?
#
# A company ran its payment service and its picture service on one machine. A broken picture sent the picture service into a wild write: it overwrote its own memory and died. Payments went on. Nobody's order was lost; the pictures were back a second later.
#
# The two services used the same code, the same machine and the same minute. But they were two **processes**. What the one destroyed was its own.
#
# **Why it matters.** A process is the wall that a fault stops at. You decide where the walls stand. So you should know what they hold back, and what they cost.
#
# *Reading time: 15 minutes.* After it you will be able to say:
#
# 1. how you tell one process from another,
# 2. who sees a change that a process makes to its memory,
# 3. what a forked child really gets of its parent's memory, and when.

# %% [markdown]
# ## Does every worker get an id that no one had before?
#
# The operating system numbers processes: the **pid**. It numbers threads too: the **native id**. Python adds a third number, `threading.get_ident()`, the **thread id**.
#
# Here three workers live at a time. They tell their ids and end; then come the next three, five times: first threads, then processes.

# %%
import pvt

pvt.lab("identity", predict={
    "Every id is new": "The pids are. Follow the blue line: a thread id is free again when its thread has ended.",
    "Some thread ids are used again": "If none was: the system had other places free. Try more waves.",
    "Process ids are used again": "They are counted up, and begin again only after thousands. Which ids come back at once?",
})

# %% [markdown]
# **What to look for.** A line that rises all the way means: each worker brought a new id. Look at the pids (squares) and the native ids (dots): on Linux both come from one counter, so they never meet. The other two lines belong to chapter 02.

# %%
pvt.verdict("process.pid")

# %% [markdown]
# ## Who finds my mark in the list?
#
# A starter has a list with its own mark, S. Each worker appends a mark to "the same" list: A, B, C. Then the starter looks again.
#
# Threads do it first, then processes, started in every way that this system knows: *fork* copies the starter, *spawn* begins a fresh Python, *forkserver* forks from a helper.

# %%
pvt.lab("memory", predict={
    "Those of threads and processes": "Compare the last grey bar of each group. A process writes to a list of its own.",
    "Only those of threads": "If a thread's mark was missing, look at the rows: did every worker answer?",
    "None of them": "Threads live in the starter's process. There is only one list there.",
})

# %% [markdown]
# **What to look for.** Every process found the S: it got what was in the list *before* it began. What came later stayed with it. Now compare pids and ids. With fork there are four pids and **one** `id`: the same address in four memories, with four contents. With spawn the list was sent, and lies elsewhere.

# %%
pvt.source("memory")

# %%
pvt.verdict("process.not-shared")

# %% [markdown]
# <!-- PLACE FOR: space – what is in the address space of a process? (process.address-space, process.four-segments) -->

# %% [markdown]
# ## Does a fork copy all that memory?
#
# "The child gets a copy." Of 10 gigabytes too, for a child that lives a millisecond? Here a parent fills a buffer and forks. The child then touches the buffer, an eighth after the other. After each part the system is asked: how much of the child's memory is its own, how much is shared with the parent?
#
# One child reads bytes, one writes bytes, one only *reads* Python objects.

# %%
pvt.lab("fork_copies", predict={
    "All of the buffer, from the start": "Look at the left end of the lines: hardly anything is the child's own there.",
    "None, until it writes": "True for plain bytes. Follow the dashed line: that child only read. What does Python write when it reads?",
    "None, until it reads or writes": "If the dashed line stayed low: is this a Python that does not count references?",
})

# %% [markdown]
# **What to look for.** The dotted line falls as the orange one rises: a shared page becomes a page of one's own when it is written to. This is **copy-on-write**. The dashed line is the surprise: to use an object, Python counts up its references, and the count stands in the object. So reading writes.

# %%
pvt.verdict("process.fork-copies", "process.fork-writes", "process.fork-reading")

# %% [markdown]
# *A fork copies the memory* **fails** as a statement about work, and is right as a statement about what the child sees. The copy is promised, and made page by page when somebody asks for it. The list of pages is copied at once; that is why a fork takes longer when the parent is large.

# %% [markdown]
# <!-- PLACE FOR: protect – who may reach into another process? (process.protected, process.security) -->

# %% [markdown]
# ## What can you say now?
#
# 1. A process has a pid, and no other living process has the same.
# 2. A process starts with a copy or with what it is sent; what it changes then, nobody else sees, unless it is shared on purpose.
# 3. A forked child shares its parent's pages until one of them writes; in Python, reading an object is enough.

# %%
pvt.verdict("process.pid", "process.not-shared", "process.fork-writes")

# %% [markdown]
# ## Exercise 1: share a list, on purpose
#
# `work(marks, item)` appends the item to `marks`. Run it for each of the `items`, each time in another process. Return a plain list with all that was appended. The stub does what the lab did, and gets what the lab got.

# %%
import multiprocessing

def collected(work, items):
    marks = []
    for item in items:
        worker = multiprocessing.Process(target=work, args=(marks, item))
        worker.start()
        worker.join()
    return marks

pvt.check("share_list", collected)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Somebody has to keep the list, and all must be able to reach it. `multiprocessing.Manager()` starts a process that keeps things; `manager.list()` gives a list that sends every call there.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def collected(work, items):
#     with multiprocessing.Manager() as manager:
#         marks = manager.list()
#         for item in items:
#             worker = multiprocessing.Process(target=work, args=(marks, item))
#             worker.start()
#             worker.join()
#         return list(marks)
# ```
#
# </details>

# %% [markdown]
# ## Exercise 2: how much is copied?
#
# After a fork, a child writes single bytes at some `places` of its parent's buffer, counted from where the buffer begins. A page has `page` bytes, and the buffer begins where a page begins. Return how many bytes the system has to copy.

# %%
def copied(page, places):
    return len(places)

pvt.check("copied_pages", copied)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `place // page` is the number of the page. A page is copied when it is written to for the first time, and as a whole.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def copied(page, places):
#     return page * len({place // page for place in places})
# ```
#
# </details>

# %% [markdown]
# ## What is the next question?
#
# Walls keep faults apart, and data too. What if you leave the walls out? [What is a thread?](02_thread.ipynb)
