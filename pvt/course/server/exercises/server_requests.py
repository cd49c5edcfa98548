"""Find the requests in bytes that come as they like: `take(buffer, data)`.

`buffer` holds the bytes left over so far, `data` are new ones. Return `(requests, rest)`: the list
of whole requests, each as bytes up to and with its b"\\r\\n\\r\\n", and the bytes that are left
over for the next call.
"""

from pvt.tools.learner import learners_function

ARGUMENTS = ("buffer", "data")
ONE, TWO = b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /2 HTTP/1.1\r\n\r\n"
CASES = {
    "whole": [ONE],
    "pieces": [ONE[:7], ONE[7:-3], ONE[-3:]],
    "pipelined": [ONE + TWO],
    "one and a half": [ONE + TWO[:9], TWO[9:]],
    "byte by byte": [bytes([byte]) for byte in ONE + TWO],
}


def run(*, source, name):
    take = learners_function(source, name)
    for case, pieces in CASES.items():
        got, rest, shape = [], b"", "fine"
        for piece in pieces:
            answer = take(rest, piece)
            if not isinstance(answer, tuple) or len(answer) != 2:
                shape = type(answer).__name__
                break
            requests, rest = answer
            if not isinstance(requests, list | tuple) or not isinstance(rest, bytes):
                shape = f"({type(requests).__name__}, {type(rest).__name__})"
                break
            got += requests
        sent = b"".join(pieces)
        wanted = [part + b"\r\n\r\n" for part in sent.split(b"\r\n\r\n")[:-1]]
        yield {
            "case": case,
            "shape": shape,
            "got": len(got),
            "wanted": len(wanted),
            "same": list(got) == wanted,
            "rest": len(rest) if isinstance(rest, bytes) else -1,
        }


def judge(rows):
    for row in rows:
        case = f"When the bytes came {SAID[row['case']]}"
        if row["shape"] != "fine":
            return (
                False,
                f"{case}, {row['shape']} came back. Return a list of requests and the bytes that"
                " are left over.",
            )
        if row["got"] < row["wanted"]:
            return False, (
                f"{case}, {row['got']} of {row['wanted']} requests were found. Put buffer and"
                " data together"
                " before you look, and look until no end of a request is left."
            )
        if row["got"] > row["wanted"]:
            return (
                False,
                f"{case}, {row['got']} requests were found, not {row['wanted']}. Half a request"
                " is none: keep it.",
            )
        if not row["same"]:
            return (
                False,
                f"{case}, the requests differ from those sent. Each ends with its own"
                " b'\\r\\n\\r\\n'.",
            )
        if row["rest"]:
            return (
                False,
                f"{case}, {row['rest']} bytes were left over at the end. Return only what is not"
                " used.",
            )
    return True, "whole, in pieces, two at once, and byte by byte: every request was found once."


SAID = {
    "whole": "all at once",
    "pieces": "in three pieces",
    "pipelined": "as two requests at once",
    "one and a half": "as one and a half requests",
    "byte by byte": "byte by byte",
}
