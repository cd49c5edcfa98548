"""Whatever is pasted or named is answered in one sentence, from a cell, a call and the command line
alike."""

import pytest

import pvt
from pvt import cells
from pvt.problem import Problem
from pvt.stepper.command import search_command

pytestmark = pytest.mark.usefixtures("nothing_left")
THREAD = "import os, sys, threading, time\ndef work():\n    {}\nthreading.Thread(target=work{}).start()\n"
COUNT = "import threading\nn = 0\ndef work():\n    global n\n    n += 1\n{}assert n == 2\n".format(
    "threads = [threading.Thread(target=work) for _ in range(2)]\n"
    "for t in threads: t.start()\nfor t in threads: t.join()\n"
)
REFUSED, BAD, SAFE, NOT_ALL = 2, 1, 0, 3
PROGRAMS = {
    "": ("the program is empty", REFUSED),
    "# nothing\n": ("the program is empty", REFUSED),
    "x = = 1\n": ("line 1: this is not Python yet", REFUSED),
    "!ls\n": ("leave the notebook's own commands out", REFUSED),
    "import asyncio\nawait asyncio.sleep(1)\n": ("write asyncio.run(main())", REFUSED),
    "x = '\0'\n": ("holds a NUL character", REFUSED),
    "import nosuchmodule\n": ("No module named 'nosuchmodule'", REFUSED),
    "name = input()\n": ("calls input(): nobody could answer", REFUSED),
    "import threading\nfor _ in range(1000): threading.Thread(target=print).start()\n": ("more than 100 threads", REFUSED),
    "import ctypes\nctypes.string_at(0)\n": ("the program's process ended: killed by", REFUSED),
    "print(1)\n": ("it starts no thread and no task", SAFE),
    THREAD.format("sys.exit(3)", ""): ("is safe (in all that the language allows).", SAFE),
    THREAD.format("time.sleep(9)", ""): ("is safe (in all that the language allows).", SAFE),
    THREAD.format("time.sleep(9)", ", daemon=True"): ("are safe", SAFE),
    THREAD.format("os._exit(3)", ""): ("the program called os._exit(3) in thread 1", BAD),
    THREAD.format("work()", ""): ("RecursionError", BAD),
    THREAD.format("while True: print('x' * 999)", ""): ("no run has ended within the time limit", NOT_ALL),
    COUNT: ("2 of all 4 schedules", BAD),
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=map(str, range(len(PROGRAMS))))
def test_a_file_has_its_sentence_and_its_exit_status(program, tmp_path, capsys):
    words, status = PROGRAMS[program]
    path = tmp_path / "program.py"
    path.write_text(program)
    assert search_command([str(path), "--seconds", "2"]) == status
    out, err = capsys.readouterr()
    text = err if status == REFUSED else out
    assert words.lower() in text.lower()
    assert "Traceback" not in text
    assert text.count("\n") == 1 or status != REFUSED


@pytest.mark.parametrize(
    "program", [one for one in PROGRAMS if one.strip() and "1000" not in one][:6]
)
def test_a_cell_and_a_call_say_the_same(program):
    found = cells.magic("search --seconds 2", program.rstrip("\n"))
    assert PROGRAMS[program][0] in found.because
    assert found.because == pvt.search(program, seconds=2).because


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("search", "\n", "the cell is empty: paste a program"),
        ("find", "x", "%%pvt find: there are “%%pvt search”"),
        ("", "x", "there are “%%pvt search”"),
        ('search "', "x", "No closing quotation"),
        ("search --preemption two", "x", "invalid int value: 'two'; usage: %%pvt search"),
        ("search --fast", "x", "unrecognized arguments: --fast"),
        ("search --world moon", "x\n", "world='moon' is unknown"),
        ("watch --seconds soon", "x", "invalid float value: 'soon'"),
    ],
)
def test_a_wrong_line_of_a_cell_is_said_in_a_sentence(line, cell, words):
    with pytest.raises(Problem) as caught:
        cells.magic(line, cell)
    assert words in str(caught.value)


def test_help_in_a_cell_ends_nothing(capsys):
    assert cells.magic("search --help", "x") is None
    assert "--preemptions" in capsys.readouterr().out


def test_files_are_read_as_python_reads_them(tmp_path, capsys):
    path = tmp_path / "program.py"
    for text in (
        b"\xef\xbb\xbf" + COUNT.encode(),
        b"# coding: latin-1\nx = '\xe9'\n" + COUNT.encode(),
    ):
        path.write_bytes(text)
        assert pvt.search(path).endings == {"safe": 2, "broken": 2}
    path.write_bytes(bytes(range(256)))
    for named, why in (
        (path, "no text"),
        (tmp_path, "a folder"),
        (tmp_path / "x.py", "no such file"),
    ):
        assert search_command([str(named)]) == REFUSED
        error = capsys.readouterr().err
        assert why in error and "give the path of a Python file" in error and error.count("\n") == 1
