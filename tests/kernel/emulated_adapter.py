"""An adapter that a program in the guest emulates, `guest/usb_adapter.py`: it reports any line status.

What its driver requested of it is read here, by the makers' documents: the rates that were set, and the modem lines.
"""

import struct
import subprocess
from dataclasses import dataclass

EMULATED = "/sys/devices/platform/vhci_hcd.0/usb*/*/*:1.0"
FIND_DEVICE = f"""
until name=$(ls {EMULATED} 2>/dev/null | grep ttyUSB); do sleep 0.1; done
udevadm settle; echo "/dev/$name"
"""

CP210X_BAUD_RATE, CP210X_LINES, CP210X_FLOW = 0x1E, 0x07, 0x13
"""Requests of AN571: the rate in the data; in the value a mask of the lines above their states; flow control, which
sets the lines as well.
"""
CH341_WRITE, CH341_DIVISOR, CH341_LINES = 0x9A, 0x1312, 0xA4
CH341_CLOCK = 48_000_000
FTDI_LINES = 0x01
DTR, RTS = 1, 2


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the driver that changes the chip (USB 2.0, 9.3), with its data."""

    code: int
    value: int
    index: int
    data: bytes


class EmulatedAdapter:
    """The program that stands for an adapter."""

    def __init__(self, process: "subprocess.Popen[str]", chip: str, device: str) -> None:
        self._process = process
        self.chip = chip
        self.device = device

    def deliver(self, data: bytes, status: str = "00") -> None:
        """Deliver bytes that the adapter received with this line status, in hex."""
        self._send(f"data {status} {data.hex()}")

    def interrupt(self, data: bytes) -> None:
        """Deliver a packet of the interrupt endpoint."""
        self._send(f"interrupt {data.hex()}")

    def read_requests(self) -> list[Request]:
        """Return the requests since the last call. Fails if the driver sent a byte to the line."""
        assert self._process.stdout
        self._send("mark")
        found = []
        while (line := self._process.stdout.readline().rstrip("\n")) != "mark":
            what, setup, data = line.split(" ")
            assert what == "control", line
            code, value, index = struct.unpack("<xBHH2x", bytes.fromhex(setup))
            found.append(Request(code, value, index, bytes.fromhex(data)))
        return found

    def unplug(self) -> None:
        """Pull the adapter out."""
        assert self._process.stdin
        self._process.stdin.close()

    def _send(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


def find_rates(requests: list[Request]) -> list[float]:
    """Return the rates that the driver set, in bits per second."""
    found = []
    for request in requests:
        if request.code == CP210X_BAUD_RATE and len(request.data) == 4:
            found.append(float(struct.unpack("<I", request.data)[0]))
        elif (request.code, request.value) == (CH341_WRITE, CH341_DIVISOR):
            divisor, factor, prescaler = 0x100 - (request.index >> 8), request.index >> 2 & 1, request.index & 3
            found.append(CH341_CLOCK / ((1 << 12 - 3 * prescaler - factor) * divisor))
    return found


def find_lines(chip: str, requests: list[Request]) -> list[int]:
    """Return the states of DTR (bit 0) and RTS (bit 1) after each request that sets them, from both low on."""
    states = [0]
    for request in requests:
        if chip == "ch340" and request.code == CH341_LINES:
            # The chip takes them inverted: DTR in bit 5, RTS in bit 6.
            states.append(~request.value >> 5 & (DTR | RTS))
        elif chip != "ch340" and request.code == (FTDI_LINES if chip == "ftdi" else CP210X_LINES):
            meant = request.value >> 8
            states.append((states[-1] & ~meant) | (request.value & meant))
        elif chip == "cp2102" and request.code == CP210X_FLOW:
            control, replace = struct.unpack_from("<II", request.data)
            states.append((DTR if control & 3 == 1 else 0) | (RTS if replace >> 6 & 3 == 1 else 0))
    return states[1:]
