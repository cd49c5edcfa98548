"""The same from a terminal: `python -m pvt race --workers 4 --lock`."""

import argparse
import json
import os
import sys
from importlib import import_module

from pvt import course, host, runner, table
from pvt.terminal import Parser

# What is no experiment: command -> (its function, or where that is; what follows the command).
COMMANDS = {
    "search": ("stepper.command:search_command", "FILE"),
    "watch": ("watcher.terminal:main", "FILE"),
    "challenge": ("challenger.terminal:main", "FILE"),
    "verdicts": ("terminal:verdicts", "[CLAIM or EXPERIMENT …]"),
    "compare": ("terminal:compare", "A B"),
    "record": ("remembered:record", ""),
    "class": ("remembered:classroom", "FOLDER"),
    "serve": (lambda words: serve(words), "SERVER"),
    "facts": (lambda words: facts(words), ""),
}


def main(words):
    """Run a command line. The exit status: 0 finished, 1 ended otherwise, 2 usage error.

    A search and a watched program have their own.
    """
    command, *rest = words or ["list"]
    try:
        if command == "list":
            return listing()
        if command in ("-h", "--help"):
            return usage()
        if command in COMMANDS:
            return found(COMMANDS[command][0])(rest)
        return experiment(command, rest)
    except ValueError as problem:
        text = str(problem)
        print(text if text.startswith("pvt ") else f"pvt: {text}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1


def found(function):
    """A command's function; one of another module is imported only when it is asked for."""
    if callable(function):
        return function
    module, name = function.split(":")
    return getattr(import_module(f"pvt.{module}"), name)


def usage():
    commands = " | ".join(f"{name} {rest}".strip() for name, (_, rest) in COMMANDS.items())
    print(f"usage: python -m pvt [EXPERIMENT [--PARAMETER VALUE …] | {commands}]")
    return listing()


def listing():
    for name in course.names():
        print(f"{name:12} {course.load(name).QUESTION}")
    return 0


def facts(words):
    parser = Parser(prog="pvt facts")
    parser.add_argument("--json", action="store_true")
    here = host.facts()
    if parser.parse_args(words).json:
        print(json.dumps(here))
    else:
        print(
            "\n".join(
                f"{name.replace('_', ' '):22} {host.shown(name, value)}"
                for name, value in here.items()
            )
        )
    return 0


def serve(words):
    """One of the servers by itself, for other load tools: until Ctrl-C."""
    from pvt.course.server.servers.__main__ import serve_from

    return serve_from(Parser(prog="pvt serve"), words)


def experiment(name, words):
    module = course.load(name)
    parser = Parser(prog=f"pvt {name}", description=module.__doc__)
    for key, (allowed, default) in course.domains(module.run).items():
        add_parameter(parser, key, allowed, default)
    parser.add_argument("--python", help="path or version of another interpreter")
    parser.add_argument("--seconds", type=float, default=runner.SECONDS, help="time limit")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    params = vars(parser.parse_args(words))
    as_json, python, seconds = params.pop("json"), params.pop("python"), params.pop("seconds")
    running = runner.Running(name, params, python=python, seconds=seconds)
    stream(running, as_json)
    return 0 if running.ending == "finished" else 1


def add_parameter(parser, key, allowed, default):
    """An option for a parameter: a switch for bool, else a value of the type of the allowed
    ones."""
    flag = f"--{key.replace('_', '-')}"
    meaning = f"{course.spoken(allowed)} (default: {default!r})".replace("%", "%%")
    if isinstance(default, bool):
        parser.add_argument(
            flag, dest=key, action=argparse.BooleanOptionalAction, default=default, help=meaning
        )
    else:
        parser.add_argument(flag, dest=key, type=type(allowed[0]), default=default, help=meaning)


def stream(running, as_json):
    """Print rows as they come, then how it ended."""
    facts_shown = False
    for row in running:
        if as_json and running.host and not facts_shown:
            facts_shown = bool(print(json.dumps({"facts": running.host}), flush=True)) or True
        if row:
            text = "  ".join(f"{key} {table.shown(value)}" for key, value in row.items())
            print(json.dumps({"row": row}) if as_json else text, flush=True)
    if as_json:
        print(json.dumps({"ending": running.ending, "seconds": running.seconds}))
        return
    if running.rows:
        print(course.load(running.name).sentence(running.rows))
    machine = host.summary(running.host) if running.host else "no facts"
    print(f"{running.result().ended}  ({machine})")
    if running.ending != "finished" and running.noise:
        print(running.noise, file=sys.stderr)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # the reader has seen enough
        os._exit(1)
