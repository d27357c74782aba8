"""The guest as a running process: QEMU's command line, the choice of KVM or emulation, and QEMU's control socket (QMP).

The disk is never changed: QEMU keeps what the guest writes in a temporary file.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BOOT_PATIENCE = 300
"""Seconds until the guest is ready. On two quiet cores, without KVM, it takes 10."""

KVM_PATIENCE = 15
"""Seconds until a kernel under KVM prints something. Inside some virtual machines it never does."""

FIRST_LINE, READY = "Linux version", "the bench is ready"

ACCELERATIONS = {"kvm": ("-accel", "kvm", "-cpu", "host"), "tcg": ("-accel", "tcg,thread=multi", "-cpu", "max")}

UARTS = ("uart1", "uart2")
"""The real 8250 ports of the guest beside its console: /dev/ttyS1 and /dev/ttyS2."""

USB_ENDS = ("usb1", "usb2")
"""The far ends of the USB adapters."""

APPEND = "console=ttyS0,115200 loglevel=7 mitigations=off edd=off random.trust_cpu=on"


@contextmanager
def running_machine(image: Path, folder: Path, ssh_port: int) -> Iterator["Machine"]:
    """Boot the guest, and end it afterwards. Its sockets and its console are files in `folder`."""
    refused = image / "kvm-does-not-boot"
    kinds = ["tcg"] if refused.exists() or not os.access("/dev/kvm", os.W_OK) else ["kvm", "tcg"]
    for kind in kinds:
        machine = Machine(image, folder, ssh_port, kind)
        try:
            if machine.boots():
                yield machine
                return
            messages = machine.messages
        finally:
            machine.end()
        refused.touch()
    raise AssertionError(f"the guest does not boot:\n{messages}")


class Machine:
    """One process of QEMU."""

    def __init__(self, image: Path, folder: Path, ssh_port: int, acceleration: str) -> None:
        self.acceleration = acceleration
        self._console = folder / "console.log"
        self._console.unlink(missing_ok=True)
        words = ["-M", "q35", "-smp", "2", "-m", "512", "-display", "none", "-nodefaults", "-no-reboot", "-snapshot"]
        words += ["-kernel", str(image / "vmlinuz"), "-initrd", str(image / "initrd.img"), "-append", APPEND]
        words += ["-drive", f"file={image / 'disk.img'},format=raw,if=virtio,cache=unsafe"]
        words += ["-drive", f"file={_make_medium(folder)},format=raw,if=virtio,cache=unsafe"]
        words += ["-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{ssh_port}-:22"]
        words += ["-device", "virtio-net-pci,netdev=net,romfile=", "-device", "qemu-xhci,id=usb"]
        words += ["-serial", f"file:{self._console}"]
        for name in UARTS + USB_ENDS:
            words += ["-chardev", f"socket,id={name},path={folder / name},server=on,wait=off"]
        for name in UARTS:
            words += ["-serial", f"chardev:{name}"]
        words += ["-trace", "usb_serial*", "-D", str(folder / "trace")]
        words += ["-qmp", f"unix:{folder / 'qmp'},server=on,wait=off"]
        command = ["qemu-system-x86_64", *ACCELERATIONS[acceleration], *words]
        self._log = folder / "qemu.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._folder = folder
        self._qmp: Qmp | None = None

    @property
    def qmp(self) -> "Qmp":
        """The control socket."""
        if self._qmp is None:
            self._qmp = Qmp(self._folder / "qmp")
        return self._qmp

    @property
    def console(self) -> str:
        """The text that the guest has printed on its console."""
        return self._console.read_text(errors="replace") if self._console.exists() else ""

    @property
    def trace(self) -> str:
        """The requests that all FTDI adapters have received from the guest's driver."""
        return (self._folder / "trace").read_text()

    @property
    def messages(self) -> str:
        """The last messages of QEMU and of the guest's console."""
        return self._log.read_text(errors="replace")[-2000:] + self.console[-2000:]

    def boots(self) -> bool:
        """Wait until the guest is ready. Return False if it has ended, or if its kernel prints nothing under KVM."""
        started = time.monotonic()
        while READY not in self.console:
            age = time.monotonic() - started
            is_silent = self.acceleration == "kvm" and age > KVM_PATIENCE and FIRST_LINE not in self.console
            if self._process.poll() is not None or is_silent or age > BOOT_PATIENCE:
                return False
            time.sleep(0.1)
        return True

    def end(self) -> None:
        """End the process."""
        if self._qmp:
            self._qmp.close()
        self._process.kill()
        self._process.wait()


def _make_medium(folder: Path) -> Path:
    """Make the disk that a test pulls out. Without a journal it behaves as the file system of a USB stick does."""
    medium = folder / "medium.img"
    if not medium.exists():
        subprocess.run(
            ["mkfs.ext4", "-q", "-O", "^has_journal", str(medium), "8M"], check=True, stdout=subprocess.DEVNULL
        )
    return medium


class Qmp:
    """QEMU's control socket."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(30)
        self._socket.connect(str(path))
        self._stream = self._socket.makefile("rw")
        self._stream.readline()
        self._events: list[str] = []
        self.execute("qmp_capabilities")

    def execute(self, command: str, **arguments: object) -> Any:
        """Return the answer of a command; "_" in names stands for "-". Raises `AssertionError` if it fails."""
        named = {name.replace("_", "-"): value for name, value in arguments.items()}
        self._stream.write(json.dumps({"execute": command, "arguments": named}) + "\n")
        self._stream.flush()
        while "return" not in (answer := self._read()):
            assert "error" not in answer, (command, named, answer)
        return answer["return"]

    def wait_for(self, event: str) -> None:
        """Wait until an event has been reported since the last call."""
        while event not in self._events:
            self._read()
        self._events.clear()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _read(self) -> Any:
        answer = json.loads(self._stream.readline())
        if "event" in answer:
            self._events.append(answer["event"])
        return answer
