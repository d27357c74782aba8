"""Who has a serial port open or locked: two programs that read one port split its bytes without a word.

In: names of ports. Out: `Holder` values, this process left out. Seen are the open files of the processes that we may
look into (all of them as root, our own user's otherwise), the locks on whole files that the kernel lists, and the lock
files that older programs leave. The files are Linux's; elsewhere nobody is seen.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sniffer.sources.serial.adapter import read_text

PROCESSES = Path("/proc")
LOCKS = Path("/proc/locks")
LOCK_FILES = (Path("/run/lock"), Path("/var/lock"))


@dataclass(frozen=True, slots=True)
class Holder:
    """A process. `name` may hold anything, and is empty where it cannot be seen; so is `pid` 0 then."""

    pid: int
    name: str


def find_holders(port: str) -> tuple[Holder, ...]:
    """Who has this port open, in the order of their process ids."""
    return find_holders_by_port([port])[port]


def find_holders_by_port(ports: Iterable[str]) -> dict[str, tuple[Holder, ...]]:
    """The same for several ports, with one look at the processes for all of them."""
    devices = {port: os.path.realpath(port) for port in ports}
    found: dict[str, set[int]] = {device: set() for device in devices.values()}
    for device, pid in _open_files(set(found)):
        found[device].add(pid)
    locks = _locks()
    for device, pids in found.items():
        pids.update(_lock_holders(device, locks))
        pids.update(_lock_file_holders(device))
        pids.discard(os.getpid())
        if len(pids) > 1:
            # What holds the lock but cannot be seen is most likely one that was seen otherwise.
            pids.discard(0)
    return {port: tuple(Holder(pid, _name(pid)) for pid in sorted(found[devices[port]])) for port in devices}


def _open_files(devices: set[str]) -> Iterator[tuple[str, int]]:
    for process in _listed(f"{PROCESSES}") if devices else ():
        if process.isdecimal():
            folder = f"{PROCESSES}/{process}/fd"
            for descriptor in _listed(folder):
                opened = _target(f"{folder}/{descriptor}")
                if opened in devices:
                    yield opened, int(process)


def _locks() -> dict[str, set[int]]:
    """The processes that hold a file that is locked as a whole, by `major:minor:inode` (proc_locks(5))."""
    locks: dict[str, set[int]] = {}
    for line in read_text(LOCKS).splitlines():
        words = line.split()
        # A process of another namespace has no number here: 0, or -1.
        if len(words) > 5 and words[1] == "FLOCK" and words[4].lstrip("-").isdecimal():
            locks.setdefault(words[5], set()).add(max(0, int(words[4])))
    return locks


def _lock_holders(device: str, locks: dict[str, set[int]]) -> set[int]:
    if not locks:
        return set()
    try:
        state = os.stat(device)
    except OSError:
        return set()
    return locks.get(f"{os.major(state.st_dev):02x}:{os.minor(state.st_dev):02x}:{state.st_ino}", set())


def _lock_file_holders(device: str) -> Iterator[int]:
    """The living processes that the lock files beside this device name."""
    for folder in LOCK_FILES:
        pid = read_text(folder / f"LCK..{os.path.basename(device)}")
        if pid.isdecimal() and (PROCESSES / str(int(pid))).exists():
            yield int(pid)


def _name(pid: int) -> str:
    return read_text(PROCESSES / str(pid) / "comm") if pid else ""


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    # A process that has ended meanwhile, or that is not ours to look into.
    except OSError:
        return []


def _target(link: str) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""
