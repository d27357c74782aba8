"""The processes that have a port open: simulated ones, and a real one."""

import fcntl
import os
import subprocess
import sys

import pytest

from sniffer.sources.serial import holders as module
from sniffer.sources.serial.holders import (
    Holder,
    find_holders,
    find_holders_by_port,
    format_holders,
    sees_all_processes,
)


def _inode(device):
    state = os.stat(device)
    return f"{os.major(state.st_dev):02x}:{os.minor(state.st_dev):02x}:{state.st_ino}"


def test_a_port_that_nobody_has_open_has_no_holder(machine):
    device = machine.plug("ttyUSB0")
    machine.run(12, "bash", "/dev/null", machine.plug("ttyUSB1"))
    assert find_holders(device) == ()


def test_each_process_that_has_it_open_is_named_once(machine):
    device = machine.plug("ttyUSB0")
    machine.run(300, "minicom", device, device)
    machine.run(20, "evil \x1b[2J", "/dev/null", device)
    assert find_holders(device) == (Holder(20, "evil \x1b[2J"), Holder(300, "minicom"))


def test_a_stable_name_has_the_holders_of_its_device(machine):
    device = machine.plug("ttyUSB0")
    machine.run(300, "minicom", device)
    link = machine.link("usb-FTDI", device)
    assert find_holders_by_port([link, device]) == {link: (Holder(300, "minicom"),), device: (Holder(300, "minicom"),)}


def test_we_are_not_a_holder(machine):
    device = machine.plug("ttyUSB0")
    machine.run(os.getpid(), "evse-sniff", device)
    assert find_holders(device) == ()


def test_a_process_that_cannot_be_looked_into_is_seen_by_its_lock(machine):
    device = machine.plug("ttyUSB0")
    machine.run(41, "picocom")
    machine.locks.write_text(
        f"1: FLOCK  ADVISORY  WRITE 41 {_inode(device)} 0 EOF\n2: POSIX  ADVISORY  READ 5 {_inode(device)} 0 EOF\n"
        "3: -> FLOCK\n4: FLOCK  ADVISORY  WRITE what? 00:00:1 0 EOF\n"
    )
    assert find_holders(device) == (Holder(41, "picocom"),)


@pytest.mark.parametrize("pid", [0, -1])
def test_a_holder_of_another_namespace_has_no_name(machine, pid):
    device = machine.plug("ttyUSB0")
    machine.locks.write_text(f"1: FLOCK  ADVISORY  WRITE {pid} {_inode(device)} 0 EOF\n")
    assert find_holders(device) == (Holder(0, ""),)


def test_a_lock_file_counts_while_its_process_lives(machine):
    device = machine.plug("ttyUSB0")
    machine.run(41, "minicom")
    for text, seen in (("       41\n", (Holder(41, "minicom"),)), ("99999999\n", ()), ("what?\n", ()), ("", ())):
        (machine.lock_files / "LCK..ttyUSB0").write_text(text)
        assert find_holders(device) == seen


@pytest.mark.parametrize(("user", "has_users", "sees_all"), [(0, True, True), (1000, True, False), (1000, False, True)])
def test_only_root_sees_the_files_of_all_processes(monkeypatch, user, has_users, sees_all):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(module, "IS_POSIX", has_users)
    assert sees_all_processes() is sees_all


def test_a_port_that_is_not_here_has_no_holder(machine):
    assert find_holders("/dev/ttyUSB99") == ()
    assert find_holders_by_port([]) == {}


def test_without_the_kernels_files_nobody_is_seen(machine, monkeypatch, tmp_path):
    for name in ("PROCESSES", "LOCKS"):
        monkeypatch.setattr(module, name, tmp_path / "nothing")
    assert find_holders(machine.plug("COM5")) == ()


HOLD = "import os, sys; port = os.open(sys.argv[1], os.O_RDONLY | os.O_NOCTTY); print(flush=True); sys.stdin.read()"


def test_a_real_program_with_the_port_open_is_seen_and_we_are_not():
    main, port = os.openpty()
    fcntl.flock(port, fcntl.LOCK_EX)
    name = os.ttyname(port)
    program = [sys.executable, "-c", HOLD, name]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        (seen,) = find_holders(name)
        assert (seen.pid, seen.name[:6]) == (other.pid, "python")
        other.communicate()
    assert find_holders(name) == ()
    os.close(main)
    os.close(port)


@pytest.mark.parametrize(
    ("line", "is_holder"),
    [
        ("41 (agetty) S 1 41 41 259 41 4194560", True),
        ("41 (a) b (c) S 1 41 41 259 41 4194560", True),
        ("41 (bash) S 1 41 41 34816 41 4194560", False),
        ("41 (daemon) S 1 41 41 0 -1 4194560", False),
        ("41 (cut", False),
    ],
)
def test_a_getty_that_may_not_be_inspected_is_seen_by_its_terminal(machine, line, is_holder):
    machine.run(41, "agetty")
    (machine.proc / "41" / "fd").rmdir()
    (machine.proc / "41" / "stat").write_text(f"{line}\n")
    # Character device 1:3 stands for a port.
    assert find_holders("/dev/null") == ((Holder(41, "agetty"),) if is_holder else ())


def test_holders_are_named_safely():
    assert format_holders([Holder(3, "a\x1b"), Holder(4, ""), Holder(0, "")]) == (
        "a\\x1b (3), a program (4), a program that cannot be seen"
    )
    assert format_holders([]) == ""
