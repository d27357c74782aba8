"""An FTDI adapter made of a program: the kernel takes it for a device at its virtual USB bus (USB/IP, `vhci-hcd`).

In: lines on standard input, each with a line status and bytes in hex, which the adapter delivers as one packet.
The low bits of the line status are those of a 16550: 02 overrun, 04 parity, 08 framing, 10 break. The adapter is
pulled out when the program ends. Standard library only, as it runs in the guest.
"""

import os
import select
import socket
import struct
import sys

ATTACH = "/sys/devices/platform/vhci_hcd.0/attach"
FULL_SPEED = 2
SUBMIT, UNLINK, SUBMITTED, UNLINKED = 1, 2, 3, 4
HEADER = struct.Struct(">5I28x")
SUBMISSION = struct.Struct(">20xIi12x8s")
CONNECTION_RESET = -104

DEVICE = bytes.fromhex("12 01 00 02 00 00 00 08 03 04 01 60 00 04 01 02 03 01")
"""The device descriptor: 0403:6001, an FT232BM."""

CONFIGURATION = bytes.fromhex(
    "09 02 20 00 01 01 00 80 2d 09 04 00 00 02 ff ff ff 00 07 05 81 02 40 00 00 07 05 02 02 40 00 00"
)
"""One interface with an endpoint in and one out."""

TEXTS = ("", "FTDI", "USB Serial", "EMULATED")
GET_DESCRIPTOR, GET_LATENCY = (0x80, 0x06), (0xC0, 0x0A)
MODEM_STATUS = 0x01
ALL_IS_SENT = b"\x01\x60"
"""The answer to a question for the modem and line status: closing waits until the transmitter is empty."""


class Adapter:
    """The device end of the connection to the kernel."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._waiting: list[int] = []
        self._packets: list[bytes] = []

    def deliver(self, line: str) -> None:
        """Deliver one packet as soon as the driver reads."""
        status, data = (bytes.fromhex(word) for word in line.split())
        self._packets.append(bytes([MODEM_STATUS]) + status + data)
        self._answer_reads()

    def serve(self) -> None:
        """Answer one request of the kernel."""
        request = self._receive(48)
        command, number, _, is_in, endpoint = HEADER.unpack(request)
        if command == UNLINK:
            wanted = struct.unpack(">I", request[20:24])[0]
            was_waiting = wanted in self._waiting
            if was_waiting:
                self._waiting.remove(wanted)
            status = CONNECTION_RESET if was_waiting else 0
            self._connection.sendall(struct.pack(">5Ii24x", UNLINKED, number, 0, 0, 0, status))
            return
        _, length, setup = SUBMISSION.unpack(request)
        if is_in and endpoint:
            self._waiting.append(number)
            self._answer_reads()
        elif is_in:
            self._answer(number, _answer_control(setup)[:length])
        else:
            self._receive(length)
            self._answer(number, b"", length)

    def _answer_reads(self) -> None:
        while self._waiting and self._packets:
            self._answer(self._waiting.pop(0), self._packets.pop(0))

    def _answer(self, number: int, data: bytes, length: int | None = None) -> None:
        done = len(data) if length is None else length
        self._connection.sendall(struct.pack(">5IiI20x", SUBMITTED, number, 0, 0, 0, 0, done) + data)

    def _receive(self, length: int) -> bytes:
        return self._connection.recv(length, socket.MSG_WAITALL) if length else b""


def _answer_control(setup: bytes) -> bytes:
    kind, request, value, _, _ = struct.unpack("<BBHHH", setup)
    if (kind, request) == GET_LATENCY:
        return b"\x10"
    if (kind, request) == GET_DESCRIPTOR:
        what, index = divmod(value, 256)
        if what == 3:
            text = TEXTS[index].encode("utf-16-le") if index else b"\x09\x04"
            return bytes([len(text) + 2, 3]) + text
        return {1: DEVICE, 2: CONFIGURATION}.get(what, b"")
    return ALL_IS_SENT


def main() -> None:
    """Attach the adapter, and serve it until standard input ends."""
    own, kernels = socket.socketpair()
    with open(ATTACH, "w") as attach:
        attach.write(f"0 {kernels.fileno()} 1 {FULL_SPEED}")
    kernels.close()
    adapter = Adapter(own)
    commands = b""
    while True:
        for ready in select.select([own, sys.stdin.buffer], [], [])[0]:
            if ready is own:
                adapter.serve()
                continue
            part = os.read(0, 65536)
            if not part:
                return
            *lines, commands = (commands + part).split(b"\n")
            for line in lines:
                adapter.deliver(line.decode())


if __name__ == "__main__":
    main()
