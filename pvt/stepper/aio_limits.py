"""What of asyncio waits for the outside world: it cannot be stepped; and what to write instead."""

NAMES = {
    "sockets": """open_connection start_server open_unix_connection start_unix_server
        create_connection create_server create_datagram_endpoint create_unix_connection
        create_unix_server connect_accepted_socket start_tls sendfile sock_accept sock_connect
        sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into sock_sendall sock_sendfile
        sock_sendto getaddrinfo getnameinfo""",
    "files": """add_reader add_writer remove_reader remove_writer connect_read_pipe
        connect_write_pipe""",
    "subprocess": """create_subprocess_exec create_subprocess_shell subprocess_exec
        subprocess_shell""",
    "signals": "add_signal_handler remove_signal_handler",
}
REASONS = {
    "sockets": "waits for a socket, which the scheduler cannot step: in its place, await a "
    "coroutine of your own that awaits asyncio.sleep(0) and returns what the other side would "
    "answer",
    "files": "waits for a file or pipe, which the scheduler cannot step: in its place, put what "
    "would be read into an asyncio.Queue",
    "subprocess": "starts a process, which the scheduler cannot step: in its place, await a "
    "coroutine of your own that awaits asyncio.sleep(0) and returns what the process would print",
    "signals": "waits for a signal of the operating system, which the scheduler cannot step: in "
    "its place, set an asyncio.Event in a task of your own",
}
LIMITS = {name: kind for kind, names in NAMES.items() for name in names.split()}
"""Name of a function of asyncio, or of a method of its loop → what it needs."""


def refusal(name):
    """The sentence for a name that cannot be stepped."""
    return f"asyncio's {name} ({LIMITS[name]}) {REASONS[LIMITS[name]]}"
