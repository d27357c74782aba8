"""Runs `evse-sniff` in processes that have the package imported already: under emulation, importing takes seconds.

In: on a named pipe one line for each run: the path of further pipes, a file, a user, and the words of the command, with
the separator US (1f) between them. Out: through the pipe that ends in `.out` and the one in `.err` what the command
prints, through the one in `.status` its exit status; then they are deleted. The file gets the id of its process.
"""

import gc
import io
import os
import pty
import pwd
import signal
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout

from sniffer.cli import main

REQUESTS = "/run/warm/requests"


def load() -> None:
    """Run what the tests run, so that its modules are imported: a tap, and the lists of ports."""
    far, near = pty.openpty()
    threading.Timer(1, os.close, (far,)).start()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in (["dump", "--json", os.ttyname(near)], ["ports", "--json"], ["doctor"]):
            main(words)
    os.close(near)


def serve(line: str) -> None:
    """Run one command, and report its end. Called in a process of its own."""
    run, pid_file, user, *words = line.rstrip("\n").split("\x1f")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        with open(f"{run}.status", "w") as ended:
            ended.write(f"{os.waitstatus_to_exitcode(status) % 256}\n")
        for name in ("out", "err", "status"):
            os.unlink(f"{run}.{name}")
        return
    with open(pid_file, "w") as file:
        file.write(f"{os.getpid()}\n")
    for descriptor, name in enumerate(("/dev/null", f"{run}.out", f"{run}.err")):
        os.dup2(os.open(name, os.O_WRONLY if descriptor else os.O_RDONLY), descriptor)
    if user != "root":
        known = pwd.getpwnam(user)
        os.initgroups(user, known.pw_gid)
        os.setresgid(known.pw_gid, known.pw_gid, known.pw_gid)
        os.setresuid(known.pw_uid, known.pw_uid, known.pw_uid)
        os.environ["HOME"] = known.pw_dir
    sys.argv = ["evse-sniff", *words]
    sys.exit(main())


if __name__ == "__main__":
    load()
    # A collection would copy all the pages that a process shares with this one.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        with open(REQUESTS) as requests:
            for line in requests:
                if not os.fork():
                    serve(line)
                    sys.exit()
