"""A machine with a made-up USB adapter on which systemd's own udevadm acts by the rules of a folder.

umockdev stands for the kernel's files. All happens in a mount namespace of its own, since `udevadm test` makes links
and notes what it found: neither /dev nor /run nor /etc of this machine is touched.
"""

import os
import re
import subprocess
from dataclasses import dataclass, field

from tests.paths import ROOT
from tests.tools import need

RULES = ROOT / "udev"
_PORTS = {"ftdi_sio": 188, "cp210x": 188, "ch341": 188, "pl2303": 188, "cdc_acm": 166}
_USB = "/devices/pci0000:00/0000:00:14.0/usb1/1-1"

_NAMESPACE = """\
set -e
made=$(mktemp -d)
mount -t tmpfs tmpfs "$made"
touch "$made/null"
mount --bind /dev/null "$made/null"
mkdir "$made/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$made/pts"
ln -s pts/ptmx "$made/ptmx"
ln -s /proc/self/fd "$made/fd"
mount --no-mtab --move "$made" /dev
rmdir "$made"
mount -t tmpfs tmpfs /run
mkdir /run/rules
cp "$1"/*.rules /run/rules
mount --bind /run/rules /etc/udev/rules.d
exec umockdev-run --device="$2" -- sh -c "$3"
"""


@dataclass(frozen=True)
class Adapter:
    """The attributes of an adapter."""

    name: str
    driver: str
    ids: str
    serial: str = ""
    location: str = "1-1"
    interface: int = 0

    @property
    def _usb(self):
        return _USB.replace("1-1", self.location)

    @property
    def _interface(self):
        return f"{self._usb}/{self.location}:1.{self.interface}"

    @property
    def port(self):
        """The place of usb-serial's own device; CDC-ACM has none."""
        return self._interface if self.driver == "cdc_acm" else f"{self._interface}/{self.name}"

    @property
    def tty(self):
        return f"{self.port}/tty/{self.name}"

    @property
    def usb(self):
        return self._usb

    def described(self):
        """Return the adapter in the format of umockdev(1)."""
        vendor, product = self.ids.split(":")
        minor = int(re.sub(r"\D", "", self.name))
        own = f"E: DRIVER={self.driver}\nL: driver=../../../../../../../bus/usb-serial/drivers/{self.driver}\n"
        lines = f"""\
P: {self._usb}
E: SUBSYSTEM=usb
E: DEVTYPE=usb_device
E: PRODUCT={vendor.lstrip("0")}/{product.lstrip("0")}/600
A: idVendor={vendor}\\n
A: idProduct={product}\\n
A: product=Adapter\\n
"""
        if self.serial:
            lines += f"A: serial={self.serial}\\n\n"
        lines += f"""
P: {self._interface}
E: SUBSYSTEM=usb
E: DEVTYPE=usb_interface
A: bInterfaceNumber={self.interface:02}\\n
A: bInterfaceClass=ff\\n
"""
        if self.driver == "cdc_acm":
            lines += own
        else:
            lines += f"\nP: {self.port}\nE: SUBSYSTEM=usb-serial\nA: port_number=0\\n\n{own}"
        if self.driver == "ftdi_sio":
            lines += "A: latency_timer=16\\n\n"
        return f"""{lines}
P: {self.tty}
N: {self.name}
E: SUBSYSTEM=tty
E: DEVNAME=/dev/{self.name}
E: MAJOR={_PORTS[self.driver]}
E: MINOR={minor}
A: dev={_PORTS[self.driver]}:{minor}\\n
"""


@dataclass(frozen=True)
class Found:
    """The result of the rules for a device: its properties, and the programs that udev would run."""

    properties: dict[str, str] = field(default_factory=dict)
    runs: tuple[str, ...] = ()
    messages: str = ""

    @property
    def tags(self):
        return self.properties.get("CURRENT_TAGS", "").strip(":").split(":")

    @property
    def names(self):
        return self.properties.get("DEVLINKS", "").split()


def plugged(adapter, path, folder, more=None, action="add"):
    """Return the result of the rules for the device at this sysfs path. `more` are further rules: texts by name."""
    need("umockdev-run")
    need("udevadm")
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    texts = {file.name: file.read_text() for file in RULES.glob("*.rules")} | (more or {})
    for name, text in texts.items():
        (rules / name).write_text(text)
    (folder / "adapter.umockdev").write_text(adapter.described())
    unshare = [need("unshare"), "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    command = f"udevadm test --action={action} /sys{path} 2>&1"
    script = [*unshare, "bash", "-c", _NAMESPACE, "-", str(rules), str(folder / "adapter.umockdev"), command]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return _found(done.stdout)


def _found(text):
    lines = text.splitlines()
    properties = dict(re.findall(r"^([A-Z_.]+)=(.*)$", text, re.MULTILINE))
    runs = tuple(line.removeprefix("run: ").strip("'") for line in lines if line.startswith("run: "))
    return Found(properties, runs, text)
