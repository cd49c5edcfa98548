"""A learner's file as a server: `python -m pvt.challenger.starting FILE PORT` calls its
`serve(port)`.

What goes wrong is the last line of stderr, behind SAYS, as a sentence for the learner.
"""

import os
import sys
import traceback

from pvt import procfs

SAYS = "pvt: "


def main(path, port):
    procfs.prctl(procfs.PR_SET_PDEATHSIG, 9)  # SIGKILL, which Windows does not name
    try:
        serve = found(path)
        serve(port)
    except SyntaxError as problem:
        return say(
            f"line {problem.lineno} is not Python: {problem.msg}: {(problem.text or '').strip()}"
        )
    except LookupError as problem:
        if problem.args[:1] == (path,):
            return say("it has no function serve: write def serve(port): …")
        return say(raised(problem, path))
    except SystemExit as problem:
        return say(
            f"it left with exit status {problem.code}; serve(port) must serve until it is ended"
        )
    except BaseException as problem:
        return say(raised(problem, path))
    return say("serve(port) came back. It must serve until it is ended: accept in an endless loop")


def found(path):
    """The file's `serve`. It is imported as a module, so that processes which spawn can find what
    is in it."""
    from importlib.util import module_from_spec, spec_from_file_location

    name = os.path.splitext(os.path.basename(path))[0]
    sys.path.insert(0, os.path.dirname(path))
    sys.argv = [path]
    sys.dont_write_bytecode = True  # nothing is left in the learner's folder
    spec = spec_from_file_location(name, path)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    if not callable(getattr(module, "serve", None)):
        raise LookupError(path)
    return module.serve


def raised(problem, path):
    """What was raised, and where in the learner's file."""
    traceback.print_exception(problem)
    text = f"it raised {type(problem).__name__}: {problem}".rstrip(": ")
    own = [one for one in traceback.extract_tb(problem.__traceback__) if one.filename == path]
    return f"{text} – in line {own[-1].lineno}: {own[-1].line}" if own else text


def say(sentence):
    sys.stdout.flush()
    print(f"\n{SAYS}{sentence}", file=sys.stderr, flush=True)
    os._exit(1)  # its threads do not keep it alive


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]))
