"""One command that is run as a child process, with bytes as its standard input.

In: the command, as words or as a line for a shell, and its input. Out: why it failed, if it did. `run` blocks until the
command has ended, so it is called in a thread; `terminate` and `kill` end it from elsewhere. The command gets a process
group of its own: Ctrl-C on the terminal does not reach it, and its own children are ended with it.
"""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from sniffer.base.platform import IS_POSIX


class ChildProcess:
    """One command. It is run in a shell if `command` is a text, and without one if it is a sequence of words.

    With `is_shown`, its output goes to standard error. Otherwise it is discarded.
    """

    def __init__(self, command: str | Sequence[str], *, is_shown: bool) -> None:
        self._command = command
        self._output = None if is_shown else subprocess.DEVNULL
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self, data: bytes) -> str:
        """Run the command to its end with `data` as input. Return why it failed; empty if it did not."""
        # Standard output belongs to the lines of `dump` or to a capture.
        output = self._output if self._output is not None else 2
        try:
            process = self._process = subprocess.Popen(
                self._command,
                shell=isinstance(self._command, str),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"cannot be started: {getattr(error, 'strerror', None) or error}"
        if self._is_stopped:
            self.kill()
        process.communicate(data)
        self._process = None
        if self._is_stopped:
            return "was still running at the end of the session, and was ended"
        return _describe_status(process.returncode)

    def terminate(self) -> None:
        """Ask the command to end, if it runs."""
        self._is_stopped = True
        if process := self._process:
            _signal_group(process, signal.SIGTERM)

    def kill(self) -> None:
        """End the command at once, if it runs."""
        self._is_stopped = True
        if process := self._process:
            _signal_group(process, signal.SIGKILL if IS_POSIX else signal.SIGTERM)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to the process and its children; do nothing if the process has ended."""
    # A process that has ended may not be signalled any more: its number may belong to another one by now.
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if IS_POSIX:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)


def _describe_status(status: int) -> str:
    """Return the meaning of the exit status of a command; empty if it succeeded."""
    if status >= 0:
        return f"ended with status {status}" if status else ""
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
