"""The bench: programs in the guest, adapters that are plugged in and pulled out, and the far ends of their lines."""

import compileall
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kernel.machine import Machine
from tests.kernel.recipe import GUEST
from tests.live.helpers import Tap
from tests.paths import ROOT

PATIENCE = 60
"""Seconds to wait for an expected result: the guest's processor is emulated, perhaps on a busy machine."""

WARM_SERVER, WARM_CLIENT = ((GUEST / name).read_text() for name in ("warm_server.py", "warm-client"))

PROJECT = ("sniffer", "captures", "udev")

WAIT_UNTIL_THERE = """
until name=$(ls "/sys/bus/usb/devices/$0:1.0" 2>/dev/null | grep ttyUSB); do sleep 0.1; done
udevadm settle; echo "/dev/$name"
"""
"""Shell: wait until the adapter in this socket has its device and its names; print the device."""

WAIT_UNTIL_GONE = """while ls $0 2>/dev/null | grep -q ttyUSB; do sleep 0.1; done; udevadm settle"""
"""Shell: wait until no adapter in these folders has a device."""

WAIT_UNTIL_READ = """
until for link in $(find /proc/[0-9]*/fd -lname "$0" 2>/dev/null); do
    grep -qs "^tfd: *${link##*/} " "${link%/fd/*}"/fdinfo/* && exit 0
done; false; do sleep 0.1; done
"""
"""Shell: wait until a process waits for bytes at this port (proc(5), the files of an epoll descriptor)."""

WAIT_UNTIL_HELD = """until [ "$(find /proc/[0-9]*/fd -lname "$0" 2>/dev/null)" ]; do sleep 0.1; done"""
"""Shell: wait until a process has this port open."""


class Bench:
    """A booted guest."""

    def __init__(self, machine: Machine, folder: Path, key: Path, ssh_port: int) -> None:
        self.machine = machine
        self._folder = folder
        self._started = 0
        self._plugged: set[int] = set()
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", f"ControlPath={folder / 'ssh'}")
        words = [word for option in options for word in ("-o", option)]
        self._ssh = ["ssh", "-q", "-i", str(key), "-p", str(ssh_port), *words, "root@127.0.0.1"]
        self._connection = self._connect()

    def _connect(self) -> subprocess.Popen[bytes]:
        """Return the one connection that serves all programs: making one takes seconds."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            connection = subprocess.Popen([*self._ssh, "-M", "-N"], stdin=subprocess.DEVNULL)
            # The SSH server goes into the background before it listens, so the first try may come too early.
            while connection.poll() is None and time.monotonic() < deadline:
                if not subprocess.run([*self._ssh, "-O", "check"], capture_output=True).returncode:
                    return connection
                time.sleep(0.1)
        raise AssertionError("the guest does not answer")

    def start_warm_server(self) -> None:
        """Start the process that runs `evse-sniff` without importing it each time."""
        self.shell('mkdir -m 755 /run/warm; mkfifo /run/warm/requests; echo "$0" > /run/warm/client', WARM_CLIENT)
        command = ("env", "PYTHONPATH=/opt/project:/opt/packages", "python3", "-c", WARM_SERVER)
        self._warm_server = subprocess.Popen(
            [*self._ssh, shlex.join(command)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )

    def close(self) -> None:
        """Close the connection to the guest."""
        self._warm_server.kill()
        self._warm_server.wait()
        self._connection.kill()
        self._connection.wait()

    def copy_project(self) -> None:
        """Copy the package into the guest, compiled, as that takes long there."""
        folder = self._folder / "project"
        for name in PROJECT:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        # tar keeps the times of the copies, so the guest's Python accepts the compiled files.
        compileall.compile_dir(folder / "sniffer", quiet=1)
        with subprocess.Popen(["tar", "-c", "-C", str(self._folder), "project"], stdout=subprocess.PIPE) as packing:
            subprocess.run([*self._ssh, "tar -x -C /opt"], stdin=packing.stdout, check=True)

    def run(self, *words: str, user: str = "root", status: int = 0) -> str:
        """Return what a program in the guest printed, on both streams. Fails on another exit status."""
        done = subprocess.run(
            [*self._ssh, f"{_format_command(words, user)} 2>&1"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
        )
        assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def shell(self, script: str, *words: str) -> str:
        """Return what a script of the shell printed; the first word is its $0."""
        return self.run("sh", "-c", script, *words)

    @contextmanager
    def running(self, *words: str, user: str = "root") -> Iterator[subprocess.Popen[str]]:
        """Run a program in the guest until the end of the block."""
        command, pid = self.format_start(words, user)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                self.signal("KILL", pid)
                process.kill()

    def format_start(self, words: tuple[str, ...], user: str) -> tuple[list[str], str]:
        """Return the command that starts a program in the guest, and the file there that will hold its process id."""
        self._started += 1
        pid = f"/run/{self._started}.pid"
        return [*self._ssh, f"echo $$ > {pid}; exec {_format_command(words, user, pid)}"], pid

    def signal(self, name: str, pid: str) -> None:
        """Send a signal to the program whose process id is in this file, if it still runs."""
        self.shell(f'kill -{name} "$(cat "$0")" 2>/dev/null || true', pid)

    def wait_until_held(self, port: str) -> None:
        """Wait until a program has the port open."""
        self.shell(WAIT_UNTIL_HELD, port)

    def wait_until_read(self, port: str) -> None:
        """Wait until a program waits for bytes of the port."""
        self.shell(WAIT_UNTIL_READ, port)

    def wire(self, name: str) -> "Wire":
        """Return the far end of a line."""
        return Wire(self.end(name))

    def end(self, name: str) -> Path:
        """Return the socket of the far end of a line."""
        return self._folder / name

    def plug(self, socket_number: int, serial_number: str = "A60X7Q", end: str = "usb1") -> str:
        """Plug an FTDI adapter into a USB socket; return its device once udev has given it its names."""
        self.machine.qmp.execute(
            "device_add",
            driver="usb-serial",
            id=f"adapter{socket_number}",
            bus="usb.0",
            port=str(socket_number),
            chardev=end,
            always_plugged=True,
            serial=serial_number,
        )
        self._plugged.add(socket_number)
        return self.shell(WAIT_UNTIL_THERE, f"1-{socket_number}").strip()

    def unplug(self, socket_number: int) -> None:
        """Pull the adapter out of a USB socket."""
        self.machine.qmp.execute("device_del", id=f"adapter{socket_number}")
        self.machine.qmp.wait_for("DEVICE_DELETED")
        self._plugged.discard(socket_number)

    def unplug_all(self) -> None:
        """Pull out all adapters of QEMU, and wait until udev has removed their names."""
        for socket_number in sorted(self._plugged):
            self.unplug(socket_number)
        self.shell(WAIT_UNTIL_GONE, "/sys/bus/usb/devices/1-[1-9]*:1.0")


class GuestTap(Tap):
    """`evse-sniff dump --json` in the guest, from the moment on at which it reads."""

    def __init__(self, bench: Bench, port: str, *options: str, user: str = "root", under: tuple[str, ...] = ()) -> None:
        self._bench = bench
        command, self._pid = bench.format_start((*under, "evse-sniff"), user)
        super().__init__(port, *options, command=command)

    def wait_until_open(self, port: str) -> int:
        """Wait until a process waits for bytes of the port; its descriptor is not known here."""
        self._bench.wait_until_read(port)
        return -1

    def interrupt(self) -> tuple[int, str]:
        """Ctrl-C; the exit status and what was written to standard error."""
        self._bench.signal("INT", self._pid)
        return self.ended()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self._bench.signal("KILL", self._pid)
            self.process.kill()
            self.ended()


class Wire:
    """The far end of a line. QEMU ignores the rate, so bytes arrive as fast as the guest takes them."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))

    def write(self, data: bytes, baud: int | None = None) -> None:
        """Send bytes to the guest: at once, or no faster than a line of this rate."""
        if baud is None:
            self._socket.sendall(data)
            return
        started = time.monotonic()
        for sent in range(0, len(data), 64):
            time.sleep(max(0.0, started + 10 * sent / baud - time.monotonic()))
            self._socket.sendall(data[sent : sent + 64])

    def read(self) -> bytes:
        """Return what the guest has sent since the last call."""
        found = b""
        self._socket.setblocking(False)
        try:
            while part := self._socket.recv(65536):
                found += part
        except BlockingIOError:
            pass
        self._socket.setblocking(True)
        return found

    def close(self) -> None:
        """Close this end."""
        self._socket.close()


def _format_command(words: tuple[str, ...], user: str, pid: str = "/dev/null") -> str:
    """Return the command of the shell that runs a program as this user. `pid` is a file for its process id."""
    if words[0] == "evse-sniff":
        return shlex.join(("sh", "/run/warm/client", pid, user, *words[1:]))
    as_user = () if user == "root" else ("setpriv", "--reuid", user, "--regid", user, "--init-groups")
    return shlex.join((*as_user, *words))
