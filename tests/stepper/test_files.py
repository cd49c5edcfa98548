"""What is on the disk is shared too; each run of a search begins with an empty folder."""

import os
import tempfile
from pathlib import Path

import pytest

import pvt
from pvt.stepper import files

TWICE = """\
import configparser, csv, json, os, pathlib, shelve, shutil, tempfile, threading, zipfile
lock = threading.Lock()
{made}
def work(n):
{work}
threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
for one in threads: one.start()
for one in threads: one.join()
{after}
"""
COUNT = "with open('n', 'w') as file: file.write('0')"
ADD = """\
    with open('n') as file: n = int(file.read())
    with open('n', 'w') as file: file.write(str(n + 1))"""
WORK = {
    "looked, then made": ("", "    if not os.path.exists('d'): os.mkdir('d')", ""),
    "a counter in a file": (COUNT, ADD, "assert open('n').read() == '2'"),
    "a path's text": (
        "path = pathlib.Path('n'); path.write_text('0')",
        "    path.write_text(str(int(path.read_text()) + 1))",
        "assert path.read_text() == '2'",
    ),
    "a name for two": (
        "",
        "    with open('new', 'w') as file: file.write(str(n))\n    os.replace('new', 'result')",
        "",
    ),
    "not yet closed": (
        "ready = []",
        "    if n:\n        if ready: assert open('log').read() == 'done'\n"
        "    else:\n        with open('log', 'w') as file:\n"
        "            file.write('done')\n            ready.append(1)",
        "",
    ),
    "a shelf": (
        "with shelve.open('db') as db: db['n'] = 0",
        "    with shelve.open('db') as db: db['n'] += 1",
        "with shelve.open('db') as db: assert db['n'] == 2",
    ),
    "an archive": (
        "",
        "    with zipfile.ZipFile('a.zip', 'a') as a: a.writestr(f'f{n}', 'x')",
        "assert len(zipfile.ZipFile('a.zip').namelist()) == 2",
    ),
    "a configuration": (
        "made = configparser.ConfigParser(); made['a'] = {'n': '0'}\n"
        "with open('c.ini', 'w') as file: made.write(file)",
        "    mine = configparser.ConfigParser(); mine.read('c.ini')\n"
        "    mine['a']['n'] = str(int(mine['a']['n']) + 1)\n"
        "    with open('c.ini', 'w') as file: mine.write(file)",
        "assert 'n = 2' in open('c.ini').read()",
    ),
    "a state in JSON": (
        "with open('state', 'w') as file: json.dump([], file)",
        "    with open('state') as file: known = json.load(file)\n"
        "    with open('state', 'w') as file: json.dump([*known, n], file)",
        "assert len(json.load(open('state'))) == 2",
    ),
    "jobs in a folder": (
        "os.mkdir('out')\nfor each in 'ab': pathlib.Path(each).touch()",
        "    for each in ('a', 'b'):\n"
        "        if os.path.exists(each): shutil.move(each, os.path.join('out', each))",
        "",
    ),
}
REPAIRED = {
    "looked, then made": WORK["looked, then made"],
    "a counter in a file": WORK["a counter in a file"],
    "a path's text": WORK["a path's text"],
    "a name for two": (
        "",
        "    with open(f'new{n}', 'w') as file: file.write(str(n))\n"
        "    os.replace(f'new{n}', 'result')",
        "",
    ),
}


def program(made, work, after):
    return TWICE.format(made=made, work=work, after=after)


def locked(made, work, after):
    inner = "\n".join("    " + line for line in work.split("\n"))
    return program(made, f"    with lock:\n{inner}", after)


@pytest.mark.parametrize("name", WORK)
def test_a_race_on_the_disk_is_found_and_replays(name):
    text = program(*WORK[name])
    found = pvt.search(text)
    assert "broken" in found.endings
    played = pvt.replay(text, found.schedules["broken"])
    assert played.ending == "broken"


@pytest.mark.parametrize("name", ["a shelf", "an archive", "a configuration", "a state in JSON"])
def test_under_a_lock_nothing_bad_is_found(name):
    found = pvt.search(locked(*WORK[name]))
    assert set(found.endings) == {"safe"}


RIGHT = {
    "folders that may be there": "    os.makedirs('a/b', exist_ok=True)",
    "a temporary file": "    with tempfile.NamedTemporaryFile('w+') as file:\n"
    "        file.write(str(n)); file.seek(0)\n"
    "        assert file.read() == str(n)",
    "a temporary file by its number": "    number, path = tempfile.mkstemp()\n"
    "    with os.fdopen(number, 'w') as file: file.write(str(n))\n"
    "    assert open(path).read() == str(n)",
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_without_a_lock_is_proved(name):
    found = pvt.search(program("", RIGHT[name], ""))
    assert found.complete and set(found.endings) == {"safe"}


MET = {
    "folders that must not be there": ("", "    os.makedirs('a/b')", ""),
    "lines that two take": (
        "open('n', 'w').write('a'); f, got = open('n'), []",
        "    for line in f: got.append(n)",
        "assert got == [0]",
    ),
    "all lines that two take": (
        "open('n', 'w').write('a'); f, got = open('n'), {}",
        "    got[n] = list(f)",
        "assert got[0]",
    ),
    "a temporary file that others see": (
        "seen = []",
        "    if n: seen.extend(os.listdir('.'))\n"
        "    else:\n        with tempfile.NamedTemporaryFile(dir='.'): pass",
        "assert not seen",
    ),
}


@pytest.mark.parametrize("name", MET)
def test_what_meets_on_the_disk_is_found(name):
    found = pvt.search(program(*MET[name]))
    assert set(found.endings) == {"safe", "broken"} or name.startswith("folders that must")
    assert found.bad == "broken"


@pytest.mark.parametrize("name", REPAIRED)
def test_repaired_it_is_safe(name):
    made = program if name == "a name for two" else locked
    found = pvt.search(made(*REPAIRED[name]))
    assert found.complete and set(found.endings) == {"safe"}


def test_each_run_begins_with_an_empty_folder():
    """Else what one run leaves would be there in the next, and would be accused."""
    text = program(
        "os.mkdir('d'); os.chdir('d'); kept = tempfile.mkdtemp()",
        "    with open(f'{kept}/{n}', 'x') as file: file.write('x')",
        "assert len(os.listdir(kept)) == 2",
    )
    found = pvt.search(text)
    assert found.complete and set(found.endings) == {"safe"}


def test_names_of_temporary_files_are_the_same_in_every_process():
    text = program(
        "names = []",
        "    names.append(tempfile.mkdtemp())",
        "print(*map(os.path.basename, sorted(names)), names[0])\nopen(names[0])",
    )
    first, second = pvt.search(text), pvt.search(text)
    assert first.reasons == second.reasons and first.outputs == second.outputs
    assert "program-" not in first.reasons["broken"]


def test_what_lies_beside_the_program_is_found_and_not_changed(tmp_path):
    """It was accused of a FileNotFoundError: the search runs it in a folder of its own."""
    (tmp_path / "data").write_text("begin\n")
    (tmp_path / "conf").write_text("3")
    text = program(
        "n = int(pathlib.Path('conf').read_text())",
        "    with open('data', 'a') as file: file.write('more\\n')",
        "assert open('data').read() == 'begin\\nmore\\nmore\\n' and n == 3",
    )
    (tmp_path / "mine.py").write_text(text)
    found = pvt.search(str(tmp_path / "mine.py"))
    assert found.complete and set(found.endings) == {"safe"}
    assert (tmp_path / "data").read_text() == "begin\n"


def test_what_is_not_set_back_or_is_one_step_proves_nothing(tmp_path):
    away = tmp_path / "log"
    found = pvt.search(program("", f"    open({str(away)!r}, 'a').write('x')", ""))
    assert not found.complete and "is not set back between runs" in found.assumed
    found = pvt.search(
        program("log = open('log', 'w')", "    csv.writer(log).writerow([n])", "log.close()")
    )
    assert not found.complete and "writer.writerow() is one step" in found.assumed


def test_a_folder_that_others_use_is_not_emptied(tmp_path, monkeypatch):
    """A player in a process that also does something else leaves its folder alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PVT_FOLDER", raising=False)
    before = tempfile.gettempdir()
    Path("mine").touch()
    folder = files.Folder()
    folder.begin()
    assert os.listdir() == ["mine"] and folder.path is None
    assert tempfile.gettempdir() == before
