"""The processes that have a serial port open or locked. Two programs that read one port silently share its bytes.

In: names of ports. Out: `Holder` values, without this process. Holders are found by four signs:

- the open files of all processes that may be inspected: for root all, for others their own;
- the terminal of each process, as a getty of root has the port as its own;
- the locks on whole files that the kernel lists;
- the lock files of older programs.

The files are those of Linux; on other systems no holder is found.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from sniffer.base.platform import IS_POSIX
from sniffer.base.sanitize import printable
from sniffer.sources.serial.adapter import read_text

PROCESSES = Path("/proc")
LOCKS = Path("/proc/locks")
LOCK_FILES = (Path("/run/lock"), Path("/var/lock"))


class Holder(Struct, frozen=True):
    """A process. `name` may contain anything. A process that is not visible has an empty name and `pid` 0."""

    pid: int
    name: str


def format_holders(holders: Iterable[Holder]) -> str:
    """Return the names and process ids of the programs that hold a port, safe to show."""
    return ", ".join(
        f"{printable(holder.name) or 'a program'} ({holder.pid})" if holder.pid else "a program that cannot be seen"
        for holder in holders
    )


def sees_all_processes() -> bool:
    """Return True if the open files of all processes may be inspected."""
    return not IS_POSIX or os.geteuid() == 0


def find_holders(port: str) -> tuple[Holder, ...]:
    """Return the processes that hold this port, ordered by their process ids."""
    return find_holders_by_port([port])[port]


def find_holders_by_port(ports: Iterable[str]) -> dict[str, tuple[Holder, ...]]:
    """Return the holders of several ports, by port; the processes are listed once for all of them."""
    devices = {port: os.path.realpath(port) for port in ports}
    found: dict[str, set[int]] = {device: set() for device in devices.values()}
    for device, pid in _find_open_files(set(found)):
        found[device].add(pid)
    locks = _read_locks()
    for device, pids in found.items():
        pids.update(_find_lock_holders(device, locks))
        pids.update(_find_lock_file_holders(device))
        pids.discard(os.getpid())
        if len(pids) > 1:
            # An invisible holder of the lock is most likely one of the visible processes.
            pids.discard(0)
    return {port: tuple(Holder(pid, _read_name(pid)) for pid in sorted(found[devices[port]])) for port in devices}


def _find_open_files(devices: set[str]) -> Iterator[tuple[str, int]]:
    """Yield each of these devices that a process has open, with the id of the process."""
    terminals = {number: device for device in devices if (number := _find_terminal_number(device))}
    for process in _list_folder(f"{PROCESSES}") if devices else ():
        if process.isdecimal():
            if own := terminals.get(_read_terminal(process)):
                yield own, int(process)
            folder = f"{PROCESSES}/{process}/fd"
            for descriptor in _list_folder(folder):
                opened = _read_link(f"{folder}/{descriptor}")
                if opened in devices:
                    yield opened, int(process)


def _find_terminal_number(device: str) -> int:
    """Return the number of a device as `/proc/PID/stat` has it; 0 if it is no device."""
    try:
        found = os.stat(device)
    except (OSError, ValueError):
        return 0
    if not stat.S_ISCHR(found.st_mode):
        return 0
    major, minor = os.major(found.st_rdev), os.minor(found.st_rdev)
    return minor & 0xFF | major << 8 | (minor & ~0xFF) << 12


def _read_terminal(process: str) -> int:
    """Return the number of the terminal that a process has; 0 if it has none (proc(5), tty_nr)."""
    # The name before it stands in brackets, and may hold anything.
    words = read_text(PROCESSES / process / "stat").rpartition(")")[2].split()
    return int(words[4]) if len(words) > 4 and words[4].lstrip("-").isdecimal() else 0


def _read_locks() -> dict[str, set[int]]:
    """Return the processes that hold a lock on a whole file, by `major:minor:inode` (proc_locks(5))."""
    locks: dict[str, set[int]] = {}
    for line in read_text(LOCKS).splitlines():
        words = line.split()
        # A process of another namespace has the number 0 or -1.
        if len(words) > 5 and words[1] == "FLOCK" and words[4].lstrip("-").isdecimal():
            locks.setdefault(words[5], set()).add(max(0, int(words[4])))
    return locks


def _find_lock_holders(device: str, locks: dict[str, set[int]]) -> set[int]:
    """Return the ids of the processes that hold a lock on this device. `locks` holds them by device and inode."""
    if not locks:
        return set()
    try:
        state = os.stat(device)
    except OSError:
        return set()
    return locks.get(f"{os.major(state.st_dev):02x}:{os.minor(state.st_dev):02x}:{state.st_ino}", set())


def _find_lock_file_holders(device: str) -> Iterator[int]:
    """Yield the processes that the lock files of this device name, if they still run."""
    for folder in LOCK_FILES:
        pid = read_text(folder / f"LCK..{os.path.basename(device)}")
        if pid.isdecimal() and (PROCESSES / str(int(pid))).exists():
            yield int(pid)


def _read_name(pid: int) -> str:
    return read_text(PROCESSES / str(pid) / "comm") if pid else ""


def _list_folder(folder: str) -> list[str]:
    """Return the names in a folder; none if it is gone or may not be read."""
    try:
        return os.listdir(folder)
    except OSError:
        # The process has ended, or may not be inspected.
        return []


def _read_link(link: str) -> str:
    """Return where a symbolic link leads; empty if it cannot be read."""
    try:
        return os.readlink(link)
    except OSError:
        return ""
