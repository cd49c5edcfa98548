"""Five ways to hand over a message: each is a function that sends and one that receives. Shared by
talk and copies.

`room` is where a receiver puts what comes in pieces: a stretch of memory exactly as long as the
message.
"""

import mmap
import os
import pickle
import queue
import socket
import threading

from pvt import host

MB = 1_000_000
MOST = 400 * MB  # resident bytes that sender and receiver may fill together


def put(queue, message):
    queue.put(message)


def get(queue, room):
    return queue.get()


def write_block(shared, message):
    block, bell = shared
    block.buf[: len(message)] = message
    bell.release()


def read_block(shared, room):
    block, bell = shared
    bell.acquire()
    return block.buf[: len(room)]


def send_all(sockets, message):
    sockets[1].sendall(message)


def receive_all(sockets, room):
    got = 0
    while got < len(room):
        got += sockets[0].recv_into(room[got:])
    return room


def write_pipe(pipe, message):
    left = memoryview(message)
    while left:
        left = left[os.write(pipe[1].fileno(), left) :]


def read_pipe(pipe, room):
    got = 0
    while got < len(room):
        got += os.readv(pipe[0].fileno(), [room[got:]])
    return room


THREADS = "thread's queue"  # the way that hands over a reference
WAYS = {
    THREADS: (put, get),
    "shared memory": (write_block, read_block),
    "socket": (send_all, receive_all),
    "pipe": (write_pipe, read_pipe),
    "queue": (put, get),
}
MARKS = dict(zip(WAYS, ("o-", "s--", "^-.", "v:", "D-"), strict=True))
if not hasattr(os, "readv"):
    del WAYS["pipe"]  # Windows: its pipes are not files


class Meeting:
    """A sender (the caller) and two receivers, a thread and a process, that take messages as
    ordered.

    Shared memory can hold `most` bytes. `look` is what the receiver makes of the last message of an
    order: a function of a module, so that a spawned process can find it.
    """

    def __init__(self, most, look):
        from multiprocessing import Pipe, Process, Semaphore

        self.means, self.receipt = opened(most), Semaphore(0)
        self.posts = {"process": Pipe(), "thread": Pipe()}
        here = {THREADS: self.means[THREADS]}
        away = {way: mean for way, mean in self.means.items() if way not in here}
        given = self.receipt, look
        Process(target=serve, args=(self.posts["process"][1], away, *given), daemon=True).start()
        threading.Thread(
            target=serve, args=(self.posts["thread"][1], here, *given), daemon=True
        ).start()

    def order(self, way, size, count, pickled=False):
        """Tell the receiver what will come, wait until it is ready, and return a function that
        sends one message."""
        self.post(way).send((way, size, count, pickled))
        self.receipt.acquire()

        def deliver(message):
            WAYS[way][0](self.means[way], message)
            self.receipt.acquire()

        return deliver

    def answer(self, way):
        """What the receiver makes of the last message."""
        self.post(way).send("look")
        return self.post(way).recv()

    def post(self, way):
        return self.posts["thread" if way == THREADS else "process"][0]

    def end(self):
        for post, _ in self.posts.values():
            post.send(None)
        self.means["shared memory"][0].unlink()


def opened(most):
    """What each way needs; both sides get it."""
    from multiprocessing import Pipe, Queue, Semaphore, shared_memory

    block = shared_memory.SharedMemory(create=True, size=most), Semaphore(0)
    pairs = {
        "shared memory": block,
        "socket": socket.socketpair()[::-1],
        "pipe": Pipe(duplex=False),
    }
    means = {THREADS: queue.Queue(), **pairs, "queue": Queue()}
    return {way: means[way] for way in WAYS}


def room_for(way, size):
    """Memory to receive pieces into, touched before the clock runs. Where a way brings its own,
    only the length counts.

    It begins with a page: into a bytearray, which does not, the kernel copied half as fast here.
    """
    room = mmap.mmap(-1, size)
    if way in ("socket", "pipe"):
        room[:: mmap.PAGESIZE] = bytes(len(range(0, size, mmap.PAGESIZE)))
    return memoryview(room)


def serve(post, means, receipt, look):
    """The receiver, thread or process."""
    while order := post.recv():
        way, size, count, pickled = order
        room = room_for(way, size)
        receipt.release()
        for _ in range(count):
            received = WAYS[way][1](means[way], room)
            received = pickle.loads(received) if pickled else received
            receipt.release()
        post.recv()  # the sender has read its clock: from here on our work disturbs nobody
        post.send(look(received))
        del received, room


def possible(largest, copies):
    """The largest size of which memory can hold `copies`, and why it is not `largest`."""
    limits = (host.memory(), host.limits().get("limit_address_space"), 4 * MOST)
    if (room := min(filter(None, limits)) // 4) < largest * copies:
        return room // copies, "memory is short"
    free = os.statvfs("/dev/shm") if os.path.isdir("/dev/shm") else None
    if free and (room := free.f_bavail * free.f_frsize // 2) < largest:
        return room, "/dev/shm, where shared memory lives, is too small"
    return largest, None
