"""An FTDI adapter that a program in the guest emulates, `guest/usb_adapter.py`: it reports any line status."""

import subprocess

FIND_DEVICE = """
until name=$(ls /sys/devices/platform/vhci_hcd.0/usb*/*/*:1.0 2>/dev/null | grep ttyUSB); do sleep 0.1; done
udevadm settle; echo "/dev/$name"
"""


class EmulatedAdapter:
    """The program that stands for an adapter."""

    def __init__(self, process: "subprocess.Popen[str]", device: str) -> None:
        self._process = process
        self.device = device

    def deliver(self, data: bytes, status: str = "00") -> None:
        """Deliver bytes, in one packet, that the adapter received with this line status, in hex."""
        assert self._process.stdin
        self._process.stdin.write(f"{status} {data.hex()}\n")
        self._process.stdin.flush()

    def unplug(self) -> None:
        """Pull the adapter out."""
        assert self._process.stdin
        self._process.stdin.close()
