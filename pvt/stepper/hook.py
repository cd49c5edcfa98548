"""How the interpreter calls the stage before a bytecode: sys.monitoring from 3.12 on, sys.settrace on 3.11.

Both call the stage in the thread that is about to execute the bytecode, and wait until it returns; only the
program's own code is watched.  Bytecodes of no interest are switched off for good (3.12+) or passed over (3.11).
"""

import sys

TOOL_NAME = "pvt stepper"


def watch(stage, table):
    """Let `stage.reach` be called for the bytecodes in `table`; returns a function that ends the watch."""
    return monitor(stage, table) if hasattr(sys, "monitoring") else trace(stage, table)


def monitor(stage, table):
    """3.12 and later: local INSTRUCTION events on the program's code objects."""
    monitoring = sys.monitoring
    tool = next(number for number in (4, 3, 5, 2, 1, 0) if monitoring.get_tool(number) is None)
    reach, off = stage.reach, monitoring.DISABLE
    flags_at = {id(code): flags.get for code, flags in table.items()}  # a code object's own hash is slow

    def called(code, offset):
        flags = flags_at[id(code)](offset)
        if flags is None:
            return off
        reach(code, offset, flags)

    monitoring.use_tool_id(tool, TOOL_NAME)
    monitoring.register_callback(tool, monitoring.events.INSTRUCTION, called)
    for code in table:
        monitoring.set_local_events(tool, code, monitoring.events.INSTRUCTION)

    def end():
        for code in table:
            monitoring.set_local_events(tool, code, 0)
        monitoring.register_callback(tool, monitoring.events.INSTRUCTION, None)
        monitoring.free_tool_id(tool)

    return end


def trace(stage, table):
    """3.11: opcode events; a trace function that raises is dropped, so every run of a thread sets it again."""
    reach = stage.reach
    watchers = {id(code): watcher(reach, code, flags) for code, flags in table.items()}

    def function(frame, event, _):
        opcode = watchers.get(id(frame.f_code))
        if opcode is not None:
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return opcode

    def around(call):
        sys.settrace(function)
        try:
            call()
        finally:
            sys.settrace(None)

    stage.around = around

    def end():
        stage.around = lambda call: call()

    return end


def watcher(reach, code, table):
    """The local trace function for one code object."""
    flags_at = table.get

    def opcode(frame, event, _):
        if event == "opcode":
            at = frame.f_lasti
            flags = flags_at(at)
            if flags is not None:
                reach(code, at, flags)
        return opcode

    return opcode
