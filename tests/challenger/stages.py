"""The stages of a learner's server: as the course gives them, and as they should become."""

from pvt.challenger.asking import STAGES

READ = """        data = b""
        while b"\\r\\n\\r\\n" not in data and (more := connection.recv(4096)):
            data += more
        connection.sendall(answer(data))
"""
CAREFUL = """        try:
            with connection:
                data = b""
                while b"\\r\\n\\r\\n" not in data and (more := connection.recv(4096)):
                    data += more
                connection.sendall(answer(data))
        except Exception:
            pass
"""
SUPERVISED = """    workers = []
    while True:
        workers = [worker for worker in workers if worker.is_alive()]
        while len(workers) < 2:
            workers.append(multiprocessing.Process(target=work, args=(listener,), daemon=True))
            workers[-1].start()
        wait([worker.sentinel for worker in workers])
"""
CARELESS = "            connection.sendall(answer(connection.recv(4096)))\n"
ALONE = """    worker = multiprocessing.Process(target=work, args=(listener,))
    worker.start()
    worker.join()
"""
THREAD = "threading.Thread(target=converse, args=(connection,), daemon=True).start()"
POOL = "POOL = ThreadPoolExecutor(32)"
FUTURES, WAIT = (
    "from concurrent.futures import ThreadPoolExecutor\n",
    "from multiprocessing.connection import wait\n",
)
MINE = "from pvt import answer\n"
IN_LOOP = """    async with places:
        request = await reader.readuntil(b"\\r\\n\\r\\n")
        writer.write(answer(request))
        await writer.drain()
        writer.close()
"""
ASIDE = """    try:
        request = await reader.readuntil(b"\\r\\n\\r\\n")
        async with places:
            writer.write(await asyncio.to_thread(answer, request))
        await writer.drain()
    except Exception:
        pass
    finally:
        writer.close()
"""
BY_POOL = "await asyncio.get_running_loop().run_in_executor(POOL, answer, request)"
CHANGES = {
    "01": [("        with connection:\n" + CARELESS, CAREFUL)],
    "02": [
        (CARELESS[4:], READ),
        ("        converse(connection)", f"        {THREAD}"),
        ("import socket\n", "import socket\nimport threading\n"),
    ],
    "07": [
        (THREAD, "pool.submit(converse, connection)"),
        ("import threading\n", FUTURES),
        ("    listener = ", "    pool = ThreadPoolExecutor(32)\n    listener = "),
    ],
    "09": [(ALONE, SUPERVISED), (MINE, WAIT + MINE)],
    "12": [("answer(request)", BY_POOL), (MINE, f"{FUTURES}\n{MINE}\n{POOL}\n")],
    "16": [(IN_LOOP, ASIDE)],
}


def given(number):
    """The starting stage of a chapter."""
    return (STAGES / f"{number}.py").read_text("utf-8")


def changed(number):
    """What the chapter makes of it."""
    text = given(number)
    for before, after in CHANGES[number]:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text
