"""The system calls on a tapped port, as strace shows them. In: the output of `strace -f`. Nothing may be written."""

import re

INTENDED = {
    "TIOCEXCL",
    "TIOCNXCL",
    "TIOCMBIC",
    "TIOCMGET",
    "TCGETS",
    "TCSETS",
    "TCGETS2",
    "TCSETS2",
    "TCFLSH",
    "TIOCGICOUNT",
}
"""The ioctls on a port without an adapter: exclusive use, DTR and RTS low, reading the settings, writing them."""

CHANGES = {"TIOCEXCL", "TIOCNXCL", "TIOCMBIC", "TCSETS", "TCSETS2"}
"""Those that change something. TCSETS2 writes back the settings that TCGETS2 read before the first TCSETS."""

LATENCY = {"TIOCGSERIAL", "TIOCSSERIAL"}
"""The ioctls that lower the latency timer of an adapter. They do not change its control lines."""


def check_calls(calls: str, port: str) -> None:
    """Check that the port was opened once, for reading, that nothing was written, and that all was given back."""
    ((flags, descriptor),) = _find_openings(calls, port)
    assert flags.split("|")[0] == "O_RDONLY"
    after = _after_open(calls, port)
    assert was_read(calls, port)
    assert not re.search(rf"\b(write|writev|pwrite64|sendto|sendmsg)\({descriptor}[,)]", after)
    # strace names all that a number can mean: "SNDCTL_TMR_START or TCSETS".
    requested = [name.split()[-1] for name in re.findall(rf"ioctl\({descriptor}, ([A-Z0-9_ or]+)", after)]
    assert set(requested) <= INTENDED | LATENCY
    assert {"TIOCEXCL", "TIOCMBIC", "TCSETS"} <= set(requested)
    # The settings that were found are given back before the port is closed, and the lines are touched at opening only.
    assert requested.index("TIOCMBIC") < requested.index("TCGETS2") < requested.index("TCSETS")
    assert [name for name in requested if name in CHANGES][-2:] == ["TCSETS2", "TIOCNXCL"]
    assert re.search(rf"TIOCNXCL.*\n(?:.*\n)*?.*close\({descriptor}\)", after)


def was_read(calls: str, port: str) -> bool:
    """Return True if bytes were read from the port."""
    after = _after_open(calls, port)
    return any(re.search(rf'read\({descriptor}, "', after) for _, descriptor in _find_openings(calls, port))


def _find_openings(calls: str, port: str) -> list[tuple[str, str]]:
    """Return the flags and the descriptor of each opening of the port."""
    return re.findall(rf'openat\([^"]*"{re.escape(port)}", ([A-Z_|]+)[^)]*\) = (\d+)', calls)


def _after_open(calls: str, port: str) -> str:
    """Return the calls after the port was opened."""
    return calls.partition(f'openat(AT_FDCWD, "{port}"')[2]
