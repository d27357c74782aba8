"""An adapter made of a program: the kernel takes it for a device at its virtual USB bus (USB/IP, `vhci-hcd`).

In: on the command line the chip; on standard input lines. `data STATUS BYTES`, both in hex, are bytes that the adapter
receives from its line with this line status, of which the low bits are those of a 16550: 02 overrun, 04 parity, 08
framing, 10 break. `interrupt BYTES` is a packet of the interrupt endpoint. `mark` is repeated on standard output. The
adapter is pulled out when standard input ends. Out: on standard output each request of the driver that changes the
chip, as `control SETUP BYTES`, and what it sends to the line, as `sent BYTES`. Standard library only, as it runs in the
guest.
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
CONNECTION_RESET, BROKEN_PIPE = -104, -32
GET_DESCRIPTOR = (0x80, 0x06)
VENDOR = 0x40
"""The bit of the request type that distinguishes the requests of a maker from those of every USB device."""


class Ftdi:
    """An FT232BM, as `ftdi_sio` knows it: each packet begins with the modem status and the line status."""

    device = "12 01 00 02 00 00 00 08 03 04 01 60 00 04 01 02 03 01"
    configuration = "09 02 20 00 01 01 00 80 2d 09 04 00 00 02 ff ff ff 00 07 05 81 02 40 00 00 07 05 02 02 40 00 00"
    texts = ("", "FTDI", "USB Serial", "EMULATED")
    data_endpoint = 1

    def pack(self, status: int, data: bytes) -> list[bytes]:
        """Return the packets that deliver bytes with this line status."""
        return [bytes((0x01, status)) + data[start : start + 62] for start in range(0, len(data), 62)]

    def answer(self, request: int, value: int) -> bytes | None:
        """Return the answer to a question of the driver; None if the chip does not know it."""
        # Closing waits until the transmitter is empty.
        return b"\x10" if request == 0x0A else b"\x01\x60"

    def change(self, request: int, value: int, data: bytes) -> None:
        """Take a setting."""


class Cp2102:
    """A CP2102, as `cp210x` knows it: on request it puts line errors into the bytes, behind an escape."""

    device = "12 01 10 01 00 00 00 40 c4 10 60 ea 00 01 01 02 03 01"
    configuration = "09 02 20 00 01 01 00 80 32 09 04 00 00 02 ff 00 00 00 07 05 81 02 40 00 00 07 05 01 02 40 00 00"
    texts = ("", "Silicon Labs", "CP2102 USB to UART Bridge Controller", "0001")
    data_endpoint = 1
    part_number = b"\x02\x00"

    def __init__(self) -> None:
        self._escape: int | None = None
        self._flow = bytes(16)

    def pack(self, status: int, data: bytes) -> list[bytes]:
        if self._escape is not None:
            escape, error = bytes((self._escape,)), bytes((self._escape, 1, status))
            data = b"".join(
                (error if status else b"") + bytes((byte,)) + (b"\0" if byte == self._escape and not status else b"")
                for byte in data
            ) or escape + bytes((2, status))
        return [data[start : start + 64] for start in range(0, len(data), 64)]

    def answer(self, request: int, value: int) -> bytes | None:
        if (request, value) == (0xFF, 0x370B):
            return self.part_number
        # Lines, flow control, amounts in the queues.
        return {0x08: b"\0", 0x14: self._flow, 0x10: bytes(19)}.get(request)

    def change(self, request: int, value: int, data: bytes) -> None:
        if request == 0x15:
            self._escape = value or None
        elif (request, value) == (0x00, 0):
            self._escape = None
        elif request == 0x13:
            self._flow = data


class CopiedCp2102(Cp2102):
    """A copy of a CP2102 that reports no line errors. The driver knows it by an answer that is too short."""

    part_number = b"\x02"

    def change(self, request: int, value: int, data: bytes) -> None:
        if request != 0x15:
            super().change(request, value, data)


class Ch340:
    """A CH340, as `ch341` knows it: it reports the modem lines on an endpoint of their own, and no line errors."""

    device = "12 01 10 01 ff 00 00 08 86 1a 23 75 64 02 00 02 00 01"
    configuration = (
        "09 02 27 00 01 01 00 80 30 09 04 00 00 03 ff 01 02 00"
        "07 05 82 02 20 00 00 07 05 02 02 20 00 00 07 05 81 03 08 00 01"
    )
    texts = ("", "", "USB2.0-Serial")
    data_endpoint = 2

    def pack(self, status: int, data: bytes) -> list[bytes]:
        return [data[start : start + 32] for start in range(0, len(data), 32)]

    def answer(self, request: int, value: int) -> bytes | None:
        # The version, and the modem lines: none is on. A CH340 knows no register for sending a break.
        return {(0x5F, 0): b"\x31\x00", (0x95, 0x0706): b"\xff\xee"}.get((request, value))

    def change(self, request: int, value: int, data: bytes) -> None:
        pass


Chip = Ftdi | Cp2102 | Ch340
CHIPS: dict[str, type[Chip]] = {"ftdi": Ftdi, "cp2102": Cp2102, "copied cp2102": CopiedCp2102, "ch340": Ch340}


class Adapter:
    """The device end of the connection to the kernel."""

    def __init__(self, connection: socket.socket, chip: Chip) -> None:
        self._connection = connection
        self._chip = chip
        self._waiting: dict[int, list[int]] = {}
        self._packets: dict[int, list[bytes]] = {}

    def take(self, command: str) -> None:
        """Do what a line of standard input says."""
        match command.split():
            case ["data", status, *data]:
                packets = self._chip.pack(int(status, 16), bytes.fromhex("".join(data)))
                self._deliver(self._chip.data_endpoint, packets)
            case ["interrupt", data]:
                self._deliver(1, [bytes.fromhex(data)])
            case ["mark"]:
                print("mark", flush=True)

    def serve(self) -> None:
        """Answer one request of the kernel."""
        request = self._receive(48)
        command, number, _, is_in, endpoint = HEADER.unpack(request)
        if command == UNLINK:
            self._unlink(number, struct.unpack(">I", request[20:24])[0])
            return
        _, length, setup = SUBMISSION.unpack(request)
        if is_in and endpoint:
            self._waiting.setdefault(endpoint, []).append(number)
            self._deliver(endpoint, [])
        elif is_in:
            self._answer_question(number, setup, length)
        else:
            data = self._receive(length)
            if endpoint:
                print("sent", data.hex(), flush=True)
            elif setup[0] & VENDOR:
                print("control", setup.hex(), data.hex(), flush=True)
                self._chip.change(setup[1], struct.unpack_from("<H", setup, 2)[0], data)
            self._answer(number, b"", length)

    def _unlink(self, number: int, wanted: int) -> None:
        """Give up a read that the driver does not want any more."""
        found = [reads for reads in self._waiting.values() if wanted in reads]
        for reads in found:
            reads.remove(wanted)
        status = CONNECTION_RESET if found else 0
        self._connection.sendall(struct.pack(">5Ii24x", UNLINKED, number, 0, 0, 0, status))

    def _answer_question(self, number: int, setup: bytes, length: int) -> None:
        kind, request, value, _, _ = struct.unpack("<BBHHH", setup)
        if (kind, request) == GET_DESCRIPTOR:
            answer = self._describe(*divmod(value, 256))
        else:
            answer = self._chip.answer(request, value) if kind & VENDOR else b"\0\0"
        if answer is None:
            self._answer(number, b"", status=BROKEN_PIPE)
        else:
            self._answer(number, answer[:length])

    def _describe(self, kind: int, index: int) -> bytes | None:
        """Return a descriptor of the device; None if it has none of this kind."""
        if kind == 3 and index < len(self._chip.texts):
            text = self._chip.texts[index].encode("utf-16-le") if index else b"\x09\x04"
            return bytes((len(text) + 2, 3)) + text
        texts = {1: self._chip.device, 2: self._chip.configuration}
        return bytes.fromhex(texts[kind]) if kind in texts else None

    def _deliver(self, endpoint: int, packets: list[bytes]) -> None:
        """Deliver these packets as soon as the driver reads."""
        waiting, queue = self._waiting.setdefault(endpoint, []), self._packets.setdefault(endpoint, [])
        queue += packets
        while waiting and queue:
            self._answer(waiting.pop(0), queue.pop(0))

    def _answer(self, number: int, data: bytes, length: int | None = None, status: int = 0) -> None:
        done = len(data) if length is None else length
        self._connection.sendall(struct.pack(">5Iii20x", SUBMITTED, number, 0, 0, 0, status, done) + data)

    def _receive(self, length: int) -> bytes:
        return self._connection.recv(length, socket.MSG_WAITALL) if length else b""


def main() -> None:
    """Attach the adapter, and serve it until standard input ends."""
    own, kernels = socket.socketpair()
    with open(ATTACH, "w") as attach:
        attach.write(f"0 {kernels.fileno()} 1 {FULL_SPEED}")
    kernels.close()
    adapter = Adapter(own, CHIPS[sys.argv[1]]())
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
                adapter.take(line.decode())


if __name__ == "__main__":
    main()
