# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 03 · What does it cost to talk?
#
# A team split its image pipeline into four processes, one for each step, to use four cores. It became slower. Every step was faster than before, and every core was busy.
#
# The processes were busy with copying. Each handed its images to the next through a queue: pickled, written into a pipe, read, unpickled. An image was worked on for two milliseconds and carried for ten.
#
# **Why it matters.** Threads and processes differ most in how they talk. Who knows what a message costs can tell in advance whether splitting a program will help, and where to cut it.
#
# *Reading time: 15 minutes.* After it you will be able to say:
#
# 1. what a thread gets that a process does not,
# 2. what makes a message dear: its size, its pickling, or the waking,
# 3. what two processes win and lose when they share memory.

# %% [markdown]
# ## Is what arrives the object itself, or a copy?
#
# A list goes five ways to a receiver: to a thread by a plain queue, and to a process by shared memory, a socket, a pipe and multiprocessing's queue. The receiver adds an item to what it got. Does the sender find this item in its own list?
#
# And which part of the cost is pickling: turning the list into bytes, and bytes into a list again?

# %%
import pvt

pvt.lab("copies", predict={
    "Pickling is less than half of the cost": "A list is many objects. Each must be written down by its sender and made anew by its receiver.",
    "Pickling is half of the cost or more": "If it came out lower here, look at the dashed line: how long are the ways without it?",
})

# %% [markdown]
# **What to look for.** Blue is the thread: it got the object itself, so its size does not matter. The orange bars are copies, nearly as high as the dashed line, which is pickling without any sending. Set *items* higher, then change what the list holds.

# %%
pvt.verdict("talk.threads-direct", "talk.processes-ipc", "talk.pickling")

# %% [markdown]
# ## Then is the thread always cheaper?
#
# Now plain bytes, which need hardly any pickling, from 1 byte to 64 MB. The clock runs from sending until the receipt is back. Sender and receiver share one core, as far as the system lets us say so: waking a second core would blur the picture.

# %%
pvt.lab("talk", predict={
    "Threads are cheapest at every size": "Look at the left edge. What must happen there, though nothing is copied?",
    "Threads are cheapest for large messages only": "If it came out otherwise: compare the blue line with the lowest orange one, at both edges.",
    "Threads are never the cheapest": "Look at the right edge: the blue line does not rise, whatever the size.",
})

# %% [markdown]
# **What to look for.** Both scales are logarithmic. On the left nothing but waking the other side counts, and a process is woken as fast as a thread. On the right the bytes count: each copy costs, and the dotted line is what 1 GB per second would be. Shared memory is copied into once, a pipe is copied into and out of.
#
# If the largest size is missing, this machine was too slow or too small for it: the sentence below the picture says so. Then raise *budget*. Take the tick from *one core* and see what waking another core does.

# %%
pvt.verdict("talk.cost", "talk.cost-small")

# %% [markdown]
# ## How is it done?
#
# Each way is a function that sends and one that receives. A pipe and a socket carry a stream of bytes: what was written in one piece may come in many. So the receivers go on until all is there.

# %%
pvt.source("talk")

# %% [markdown]
# ## Can processes share memory after all?
#
# They can: two processes may map the same block. Each worker writes its process id into it, and the parent reads them all. Then all add to one counter in this block: read, call a function, write back. Threads do the same beside them, and all do it once more with a lock.

# %%
pvt.lab("sharing", predict={
    "Only the threads lose additions": "The block is shared. What else would a race need?",
    "Threads and processes lose additions": "If one of them lost nothing this time, run it again: a race needs an unlucky moment.",
    "None loses additions": "Between the reading and the writing there is a call. Who may write meanwhile?",
})

# %% [markdown]
# **What to look for.** The hatched bars. Isolation is what processes have *unless* they ask for something else. With the block comes the race, and with the race the lock. On several cores the processes really run at the same time, and no GIL slows them down.

# %%
pvt.verdict("talk.processes-can-share", "talk.sharing-races", "talk.sharing-lock")

# %% [markdown]
# ## What can you say now?
#
# 1. A thread gets the object itself. A process gets bytes, and makes a copy out of them.
# 2. Small messages cost a waking, large ones their copies, and objects their pickling. So send few, send bytes, or send only the name of what both can reach.
# 3. Processes that share memory win the copies back and lose their safety: they need a lock, as threads do.

# %%
pvt.verdict("talk.processes-ipc", "talk.cost", "talk.sharing-races")

# %% [markdown]
# ## Exercise 1: cut messages out of a stream
#
# Write `receive(stream, size)`. `stream` is a connected socket. Return the next `size` bytes, neither more nor less. `stream.recv(n)` gives what is there, at most `n` bytes, and `b""` when the sender has closed. If it closes too early, raise `EOFError`.

# %%
def receive(stream, size):
    return stream.recv(size)

pvt.check("talk_exactly", receive)

# %% [markdown]
# <details><summary>Hint</summary>
#
# How many bytes are missing? Ask for these, add what comes, and ask again until none are missing. What does `b""` mean?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def receive(stream, size):
#     got = b""
#     while len(got) < size:
#         piece = stream.recv(size - len(got))
#         if not piece:
#             raise EOFError("the sender closed too early")
#         got += piece
#     return got
# ```
#
# </details>

# %% [markdown]
# ## Exercise 2: pickle it once
#
# Four workers wait for the same big list. `connection.send(message)` pickles the list on each call. Write `send_to_all(connections, message)` so that each worker's `recv()` returns the list, and the list is pickled once.

# %%
def send_to_all(connections, message):
    for connection in connections:
        connection.send(message)

pvt.check("talk_once", send_to_all)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `recv()` reads bytes and unpickles them. It does not ask who pickled them. A connection can send bytes as they are: `send_bytes`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# import pickle
#
# def send_to_all(connections, message):
#     data = pickle.dumps(message)
#     for connection in connections:
#         connection.send_bytes(data)
# ```
#
# </details>

# %% [markdown]
# ## Exercise 3: share a counter between processes
#
# Two processes call `add(cells, lock, times)` at once. `cells` is a block of memory that both have mapped, seen as whole numbers. `lock` is a `multiprocessing.Lock` that both have. Add 1 to `cells[0]`, `times` times, so that nothing is lost. Can you do it so that the lock is taken only once?

# %%
def add(cells, lock, times):
    for _ in range(times):
        cells[0] += 1

pvt.check("talk_counter", add)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `cells[0] += 1` reads and writes. On two cores both processes may read the same number. For the second question: what need not be shared?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def add(cells, lock, times):
#     for _ in range(times):
#         with lock:
#             cells[0] += 1
# ```
#
# Or add for yourself, and hand in the sum:
#
# ```python
# def add(cells, lock, times):
#     mine = 0
#     for _ in range(times):
#         mine += 1
#     with lock:
#         cells[0] += mine
# ```
#
# </details>

# %% [markdown]
# ## What is the next question?
#
# Shared memory is fast, and additions get lost in it. How can a sum be wrong when every line is right? That is the question of chapter 04.
