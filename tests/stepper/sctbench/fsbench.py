"""One thread more than there are locks: the last one's index is behind the end.

SCTBench CS.fsbench_bad: broken at 0 preemptions.
"""

import threading

BLOCKS, THREAD_COUNT = 26, 27
inode_locks = [threading.Lock() for _ in range(BLOCKS)]
block_locks = [threading.Lock() for _ in range(BLOCKS)]
busy = [False] * BLOCKS
inodes = [None] * BLOCKS


def allocate(number):
    inode = number
    with inode_locks[inode]:
        if inodes[inode] is None:
            block = inode * 2 % BLOCKS
            while True:
                with block_locks[block]:
                    if not busy[block]:
                        busy[block] = True
                        inodes[inode] = block
                        break
                block = (block + 1) % BLOCKS


threads = [threading.Thread(target=allocate, args=(number,)) for number in range(THREAD_COUNT)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
