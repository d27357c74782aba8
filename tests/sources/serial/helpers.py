"""A machine whose folders (/dev, /sys, /proc) are in a temporary folder, with adapters that a test plugs in."""

import os
import shutil
from dataclasses import dataclass

from serial.tools import list_ports

from sniffer.sources.serial import adapter, holders, udev_rules


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
