"""Who may open a serial port: what to tell whoever may not."""

import os
import stat

from sniffer import system

INSTALL = "`evse-sniff doctor` says how to install the rules that give adapters to whoever sits at the machine"


def who_may(port: str) -> str:
    """Whom the system lets open this port, and what to do about it. The port is here."""
    if not system.IS_POSIX:
        return "close the program that holds it"
    state = os.stat(port)
    group = system.group_name(state.st_gid)
    if not group or state.st_gid == 0 or not state.st_mode & stat.S_IRGRP or not state.st_mode & stat.S_IWGRP:
        return f"it is for its owner alone: {INSTALL}"
    return f"it is for group {group}: run `sudo usermod -aG {group} $USER` and log in again, or {INSTALL}"
