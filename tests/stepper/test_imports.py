"""Modules beside a program that are imported late: who asks first runs the body, others wait."""

import pytest

import pvt

TWO = """\
import threading
def work():
    {body}
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
NAMES = (
    "NAMES = []\nfor each in 'ab':\n    NAMES.append(each)\ndef size():\n    return len(NAMES)\n"
)
COUNT = "count = 0\ndef add():\n    global count\n    count += 1\n"
CIRCLE = """\
import threading
threads = [threading.Thread(target=__import__, args=(name,)) for name in ("left", "right")]
for thread in threads: thread.start()
for thread in threads: thread.join()
import left, right
assert left.right is right
"""
STARTS = """\
import threading
def load():
    import starts
    starts.data = [1]
thread = threading.Thread(target=load)
thread.start()
"""


def searched(folder, program, **beside):
    """A search of a program with these modules beside it."""
    for name, text in beside.items():
        (folder / f"{name}.py").write_text(text)
    path = folder / "program.py"
    path.write_text(program)
    return pvt.search(str(path))


def test_a_module_is_seen_only_when_its_body_has_run(tmp_path):
    for body in ("from names import size; assert size() == 2", "import names; names.size()"):
        found = searched(tmp_path, TWO.format(body=body), names=NAMES)
        assert found.complete and set(found.endings) == {"safe"}


def test_what_a_late_import_brings_is_shared(tmp_path):
    end = "import count\nassert count.count == 2\n"
    program = TWO.format(body="import count; count.add()") + end
    found = searched(tmp_path, program, count=COUNT)
    assert "the assert in line 8 failed" in found.reasons["broken"]


def test_a_body_that_waits_for_a_thread_that_imports_it_is_a_deadlock(tmp_path):
    found = searched(tmp_path, "import starts\n", starts=STARTS + "thread.join()\n")
    assert "waiting for the import of starts that thread 0 has begun" in found.reasons["deadlock"]
    assert "Thread 0 began the import of starts. It waits" in found.story


def test_a_body_may_start_a_thread_that_imports_it(tmp_path):
    program = "import starts\nstarts.thread.join()\nassert starts.data == [1]\n"
    found = searched(tmp_path, program, starts=STARTS)
    assert found.complete and set(found.endings) == {"safe"}


def test_two_threads_whose_modules_import_each_other_do_not_wait_for_ever(tmp_path):
    found = searched(tmp_path, CIRCLE, left="import right\n", right="import left\n")
    assert found.complete and set(found.endings) == {"safe"}


def test_a_module_whose_body_fails_is_run_again(tmp_path):
    body = "try: import fails\n    except ValueError: pass\n    else: assert False"
    found = searched(tmp_path, TWO.format(body=body), fails="raise ValueError\n")
    assert found.complete and set(found.endings) == {"safe"}


BY_NAME = """\
{how}
threads = [threading.Thread(target=count.{name}) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert count.count == 2
"""
LOCKED = COUNT.replace("    count += 1", "    with lock: count += 1").replace("def", "{}\ndef")
LOCKED = LOCKED.format("import threading\nlock = threading.Lock()")
WAYS = {
    "import_module": "import importlib, threading\ncount = importlib.import_module('counts')",
    "from importlib": "import threading\nfrom importlib import import_module\ncount = import_module('counts')",
    "importlib.util": "import importlib.util, threading\ncount = importlib.import_module('counts')",
    "__import__": "import threading\ncount = __import__('counts')",
    "reload": "import importlib, threading, counts\ncount = importlib.reload(counts)",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_module_that_is_imported_by_its_name_is_stepped(way, tmp_path):
    program = BY_NAME.format(how=WAYS[way], name="add")
    assert "broken" in searched(tmp_path, program, counts=COUNT).endings
    found = searched(tmp_path, program, counts=LOCKED)
    assert found.complete and set(found.endings) == {"safe"}


def test_a_part_of_a_module_brings_no_other_whole():
    found = pvt.search("import os.path\nassert os.path.join('a', 'b')\nos.fork()\n")
    assert "the program uses os.fork" in found.because


def test_an_assert_of_a_module_is_named_with_its_file(tmp_path):
    program = "import checks, threading\nthreading.Thread(target=checks.check).start()\n"
    found = searched(tmp_path, program, checks="def check():\n    assert 1 == 2, 'no'\n")
    assert found.reasons["broken"] == "thread 1: the assert in line 2 of checks.py failed: no"


PART = "count = 0\ndef work():\n    global count\n    count += 1\n"
BOTH = """\
threads = [threading.Thread(target=c.work) for _ in range(2)]
for one in threads: one.start()
for one in threads: one.join()
assert c.count == 2
"""


@pytest.mark.parametrize(
    ("statement", "files"),
    [
        ("import pkg.sub as c", {"pkg/__init__.py": "from . import sub\n", "pkg/sub.py": PART}),
        ("import pkg.sub as c", {"pkg/__init__.py": "import pkg.sub\n", "pkg/sub.py": PART}),
        (
            "from pkg.sub import deep as c",
            {
                "pkg/__init__.py": "from .other import Other\n",
                "pkg/other.py": "from pkg.sub import deep\nclass Other: pass\n",
                "pkg/sub/__init__.py": "from .deep import work\n",
                "pkg/sub/deep.py": PART,
            },
        ),
        ("import space.mod as c", {"space/mod.py": PART}),
        ("from space import mod as c", {"space/mod.py": PART}),
        ("from space.deep import mod as c", {"space/deep/mod.py": PART}),
        ("import pkg.bare.mod; c = pkg.bare.mod", {"pkg/__init__.py": "", "pkg/bare/mod.py": PART}),
    ],
)
def test_packages_beside_the_script_are_stepped_however_they_import_their_parts(
    tmp_path, statement, files
):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "my.py").write_text(f"import threading\n{statement}\n{BOTH}")
    found = pvt.search(tmp_path / "my.py")
    assert set(found.endings) == {"broken", "safe"}
    assert "the assert in line 6 failed" in found.reasons["broken"]


def test_the_first_file_of_a_package_is_told_with_the_package(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/__init__.py").write_text(PART)
    (tmp_path / "my.py").write_text(f"import threading\nimport pkg as c\n{BOTH}")
    story = pvt.search(tmp_path / "my.py").story
    assert story.startswith("Thread 1 read count in line 4 of pkg/__init__.py. Before it wrote")


def test_a_folder_of_the_name_of_a_package_does_not_hide_it(tmp_path):
    (tmp_path / "jinja2").mkdir()
    (tmp_path / "os").mkdir()
    (tmp_path / "my.py").write_text(
        "import os.path, threading, jinja2\nthreading.Thread(target=jinja2.Template, args='x').start()\n"
        "print(os.path.join('a', 'b'))\n"
    )
    assert set(pvt.search(tmp_path / "my.py").endings) == {"safe"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nosuch", "there is no package 'nosuch' here"),
        ("", "there is no package '' here"),
        ("math", "'math' is not written in Python, so it cannot be stepped"),
    ],
)
def test_a_package_that_cannot_be_stepped_is_refused(name, text):
    with pytest.raises(pvt.Problem, match=text):
        pvt.search("import threading\n", also=[name])


def test_of_a_part_of_a_package_all_is_stepped():
    source = "import threading, packaging.version\n"
    source += "threading.Thread(target=packaging.version.Version, args=('1.2',)).start()\n"
    found = pvt.search(source, also=["packaging.version"])
    assert set(found.endings) == {"safe"}


@pytest.mark.parametrize(
    "lines",
    [
        "sys.path.append(os.path.join(os.path.dirname(__file__), 'lib'))\nimport part as c",
        "sys.path.insert(0, 'lib')\nimport part as c",
        "sys.path.append('.')\nfrom lib import part as c",
        "spec = importlib.util.spec_from_file_location('c', 'lib/part.py')\n"
        "c = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(c)",
        "c = types.ModuleType('c')\nexec(open('lib/part.py').read(), vars(c))",
        "c = types.SimpleNamespace(**runpy.run_path('lib/part.py'))\nc = c.module()",
    ],
)
def test_the_learners_own_modules_are_stepped_wherever_they_lie(tmp_path, lines):
    (tmp_path / "lib").mkdir()
    module = "class module:\n    work = staticmethod(work)\n    count = property(lambda _: count)\n"
    (tmp_path / "lib" / "part.py").write_text(PART + module)
    imports = "import importlib.util, os, runpy, sys, threading, types\n"
    (tmp_path / "my.py").write_text(f"{imports}{lines}\n{BOTH}")
    found = pvt.search(tmp_path / "my.py")
    assert found.endings == {"broken": 2, "safe": 2}


def test_modules_on_the_learners_pythonpath_are_stepped(tmp_path, monkeypatch):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "part.py").write_text(PART)
    (tmp_path / "at").mkdir()
    (tmp_path / "at" / "my.py").write_text(f"import part as c, threading\n{BOTH}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "lib")
    assert pvt.search(tmp_path / "at" / "my.py").endings == {"broken": 2, "safe": 2}


def test_what_was_installed_into_a_folder_is_a_library(tmp_path):
    (tmp_path / "lib" / "part-1.0.dist-info").mkdir(parents=True)
    (tmp_path / "lib" / "part.py").write_text("def work():\n    return 'not stepped'\n")
    (tmp_path / "my.py").write_text(
        "import sys, threading\nsys.path.append('lib')\nimport part\n"
        "threading.Thread(target=part.work).start()\nprint(part.__loader__ is not None)\n"
    )
    assert list(pvt.search(tmp_path / "my.py").outputs) == ["True\n"]
