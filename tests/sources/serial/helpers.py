"""Helpers for the tests of serial ports: a machine with adapters, and a tap that runs on a pseudo-terminal.

The folders of the machine (/dev, /sys, /proc) are in a temporary folder. A test plugs the adapters in.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from serial.tools import list_ports

from sniffer.sources.serial import adapter, holders, tap, udev_rules
from sniffer.sources.serial.receive_only import ERROR_COUNTERS, ReceiveOnlyPort
from sniffer.sources.serial.tap import SerialTap
from sniffer.sources.source import Item
from tests.live.helpers import Line


@dataclass
class Found:
    """A port in the list of pyserial."""

    device: str
    product: str | None = None
    manufacturer: str | None = None
    vid: int | None = None
    pid: int | None = None


class Machine:
    """The machine. `found` is the list of pyserial; a plain file stands for a device."""

    def __init__(self, folder, patch):
        self.dev = folder / "dev"
        self.by_id = self.dev / "serial" / "by-id"
        self.by_path = self.dev / "serial" / "by-path"
        self.terminals = folder / "sys" / "class" / "tty"
        self.proc = folder / "proc"
        self.locks = self.proc / "locks"
        self.lock_files = folder / "lock"
        self._devices = folder / "sys" / "devices"
        self._drivers = folder / "sys" / "bus"
        self.rules = folder / "rules.d"
        self.database = folder / "data"
        self.found: list[Found] = []
        for made in (self.by_id, self.by_path, self.terminals, self.proc, self.lock_files, self.rules, self.database):
            made.mkdir(parents=True)
        self.locks.touch()
        patch.setattr(adapter, "DEVICES", self.dev)
        patch.setattr(adapter, "BY_ID", self.by_id)
        patch.setattr(adapter, "BY_PATH", self.by_path)
        patch.setattr(adapter, "TERMINALS", self.terminals)
        patch.setattr(udev_rules, "INSTALLED", (self.rules, folder / "more.d"))
        patch.setattr(udev_rules, "DATABASE", self.database)
        patch.setattr(holders, "PROCESSES", self.proc)
        patch.setattr(holders, "LOCKS", self.locks)
        patch.setattr(holders, "LOCK_FILES", (self.lock_files,))
        patch.setattr(list_ports, "comports", lambda: self.found)

    def plug(self, name, **known):
        """Plug in a port of this name, without files of the kernel about it; return its path."""
        device = self.dev / name
        device.touch()
        self.found.append(Found(str(device), **known))
        return str(device)

    def plug_usb(self, name, ids="0403:6001", serial="", location="1-1.2:1.0", driver="ftdi_sio", latency=None):
        """Plug in a USB adapter, with the kernel's files as ftdi_sio and cdc_acm lay them out."""
        interface = self._devices / "usb1" / location.partition(":")[0] / location
        # A usb-serial port is a device of its own below the interface; CDC-ACM's is the interface itself.
        own = interface if driver == "cdc_acm" else interface / name
        (own / "tty" / name).mkdir(parents=True)
        (interface / "bInterfaceNumber").write_text("00\n")
        vendor, _, product = ids.partition(":")
        for file, text in (("idVendor", vendor), ("idProduct", product), ("serial", serial)):
            if text:
                (interface.parent / file).write_text(f"{text}\n")
        if latency is not None:
            (own / "latency_timer").write_text(f"{latency}\n")
        (self._drivers / driver).mkdir(parents=True, exist_ok=True)
        (own / "driver").symlink_to(self._drivers / driver)
        (own / "tty" / name / "device").symlink_to(own)
        (self.terminals / name).symlink_to(own / "tty" / name)
        return self.plug(name, vid=int(vendor, 16), pid=int(product, 16))

    def unplug(self, name):
        shutil.rmtree(os.path.realpath(self.terminals / name / "device"))
        (self.terminals / name).unlink()
        (self.dev / name).unlink()
        self.found = [port for port in self.found if os.path.basename(port.device) != name]

    def link(self, name, device):
        """Make a stable name for this device, as udev does."""
        link = self.by_id / name
        link.unlink(missing_ok=True)
        link.symlink_to(device)
        return str(link)

    def run(self, pid, name, *opened):
        """Add a process of this number and name that has these files open."""
        (self.proc / str(pid) / "fd").mkdir(parents=True)
        (self.proc / str(pid) / "comm").write_text(f"{name}\n")
        for number, path in enumerate(opened, 3):
            (self.proc / str(pid) / "fd" / str(number)).symlink_to(path)


SOON = 30

T = TypeVar("T")


class Bench:
    """One port with a name of its own, into which adapters are plugged one after the other."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._terminals = folder / "tty"
        self.name = folder / "adapter"
        self.line = Line()
        patch.setattr(adapter, "TERMINALS", self._terminals)

    def plug(self, latency: int | None) -> None:
        own = self._terminals / Path(self.line.port).name / "device"
        own.mkdir(parents=True, exist_ok=True)
        timer = own / "latency_timer"
        timer.unlink(missing_ok=True)
        if latency is not None:
            timer.write_text(f"{latency}\n")
        self.name.symlink_to(self.line.port)

    def unplug(self) -> None:
        self.name.unlink()
        self.unplug_line()

    def unplug_line(self) -> None:
        self.line.unplug()
        self.line = Line()


class Driver:
    """The error counters of a driver, which count from when the adapter was plugged in."""

    def __init__(self, patch: pytest.MonkeyPatch, **counts: int) -> None:
        self.counts = dict.fromkeys(ERROR_COUNTERS, 0) | counts
        patch.setattr(ReceiveOnlyPort, "read_error_counts", lambda _: dict(self.counts))
        patch.setattr(tap, "TICK", 0.001)


@asynccontextmanager
async def running(opened: SerialTap) -> AsyncIterator[list[Item]]:
    """Run the tap meanwhile; give the list into which its items go."""
    items = list[Item]()
    task = asyncio.create_task(opened.run(items.append))
    await asyncio.sleep(0)
    try:
        yield items
    finally:
        task.cancel()
        await asyncio.wait([task])


def of_kind(kind: type[T], items: list[Item]) -> list[T]:
    return [item for item in items if isinstance(item, kind)]
