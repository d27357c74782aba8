"""`evse-sniff` as a process of its own, forked from one that has imported the program: each start spares the imports.

`python -m tests.fork_server FD` is the server. It takes one request after another from a Unix socket: the words, the
folder and the environment as JSON, with the three standard streams beside them. It answers with the exit status.
Requests come from `ForkServer`, one for each process that runs tests.
"""

import atexit
import gc
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from threading import Thread

import sniffer
from sniffer.cli import main
from sniffer.core.protocol.loader import packaged_definition
from tests.paths import ROOT

REQUEST_SIZE = 1 << 20
STREAMS = 3
SEQUENCED = socket.AF_UNIX, socket.SOCK_SEQPACKET
FIXED = ("LANG", "LC_", "PYTHON")
"""The beginnings of the names of variables that Python reads when it starts."""

ENVIRONMENT = dict(os.environ)
"""The environment before any test changed it: the test that needs the server first may have changed it already."""


class ForkServer:
    """A server process that runs the program; it ends with the process that started it."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(*SEQUENCED)
        with theirs:
            words = [sys.executable, "-m", "tests.fork_server", str(theirs.fileno())]
            # Pipes, as the program will have them: Python notes when it starts that it cannot seek in them.
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                words, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=ENVIRONMENT, pass_fds=[theirs.fileno()]
            )
        atexit.register(self.close)

    def close(self) -> None:
        """End the server, and the program if it still runs."""
        self._socket.close()
        self._process.kill()
        self._process.communicate()

    @property
    def is_usable(self) -> bool:
        """False if a test has changed what Python reads when it starts."""
        return _fixed_variables(os.environ) == _fixed_variables(ENVIRONMENT) and self._process.poll() is None

    def run(self, words: Sequence[str], stdin: bytes, timeout: float) -> subprocess.CompletedProcess[bytes]:
        """Run the program with these words to its end."""
        self._socket.settimeout(timeout)
        pipes = [os.pipe() for _ in range(STREAMS)]
        (their_input, our_input), (our_output, their_output), (our_errors, their_errors) = pipes
        theirs = [their_input, their_output, their_errors]
        request = {"words": words, "folder": os.getcwd(), "environment": dict(os.environ)}
        try:
            socket.send_fds(self._socket, [json.dumps(request).encode()], theirs)
        finally:
            for stream in theirs:
                os.close(stream)
        output, errors = Reader(our_output), Reader(our_errors)
        _write_all(our_input, stdin)
        try:
            status = int(self._socket.recv(16))
        except TimeoutError:
            self.close()
            raise subprocess.TimeoutExpired(words, timeout) from None
        return subprocess.CompletedProcess(words, status, output.read(), errors.read())


class Reader(Thread):
    """The bytes of a pipe, read in a thread of their own."""

    def __init__(self, stream: int) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._bytes = b""
        self.start()

    def run(self) -> None:
        with open(self._stream, "rb") as pipe:
            self._bytes = pipe.read()

    def read(self) -> bytes:
        """Return all bytes, once the other end is closed."""
        self.join()
        return self._bytes


def _write_all(stream: int, data: bytes) -> None:
    try:
        with open(stream, "wb") as pipe:
            pipe.write(data)
    except BrokenPipeError:
        # As with `subprocess.run`, a program need not read its input.
        pass


def _fixed_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that Python reads when it starts."""
    return {name: value for name, value in environment.items() if name.startswith(FIXED)}


@cache
def fork_server() -> ForkServer:
    """Return the server of this process."""
    return ForkServer()


def _import_program() -> None:
    """Import every module that a command may need, and load the packaged definition."""
    for module in walk_packages(sniffer.__path__, "sniffer."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    packaged_definition()
    gc.freeze()


def _serve(requests: socket.socket) -> None:
    """Serve requests until the other end is closed. A forked child returns, to run the program."""
    while True:
        data, streams, _, _ = socket.recv_fds(requests, REQUEST_SIZE, STREAMS)
        if not data:
            os._exit(0)
        child = os.fork()
        if not child:
            requests.close()
            _become(json.loads(data), streams)
            return
        for stream in streams:
            os.close(stream)
        requests.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _become(request: dict[str, object], streams: Sequence[int]) -> None:
    """Take the words, the folder, the environment and the standard streams of a request."""
    words, environment = request["words"], request["environment"]
    assert isinstance(words, list)
    assert isinstance(environment, dict)
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
        os.close(stream)
    os.chdir(str(request["folder"]))
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv[1:] = words


def _run_program() -> None:
    """Run the program, and end the process without taking the interpreter apart, which takes longer than most runs."""
    sys.argv[0] = "sniffer"
    try:
        status: object = main()
    except SystemExit as end:
        status = end.code
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status if isinstance(status, int) else status is not None)


if __name__ == "__main__":
    _import_program()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    _run_program()
