"""Adapters of each make at Debian's driver for it: names, rates, bytes, and what the driver sends to the chip."""

import json

import pytest

from tests.kernel.bench import Bench, GuestTap
from tests.kernel.emulated_adapter import DTR, RTS, EmulatedAdapter, find_lines, find_rates
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw
EVERY_MAKE = pytest.mark.parametrize("emulated", ["ftdi", "cp2102", "ch340"], indirect=True)

RATES = ("9600", "19200", "38400", "57600", "115200", "230400", "460800")
EXACT = 0.002
"""The part by which a rate may be wrong: a CH340 makes 461,538 of 460,800. A UART reads up to 0.02."""

NAMES = {
    "ftdi": ("ftdi_sio", "0403:6001", "FTDI", "USB Serial", "serial number EMULATED"),
    "cp2102": ("cp210x", "10c4:ea60", "Silicon Labs", "CP2102 USB to UART Bridge Controller", "USB socket {}"),
    "ch340": ("ch341-uart", "1a86:7523", "", "USB2.0-Serial", "USB socket {}"),
}
"""Driver, USB ids, manufacturer, product, and what the adapter is known by."""

READ_AT_EACH_RATE = """
import select, sys
from sniffer.sources.serial.receive_only import open_port
for rate in map(int, sys.argv[2:]):
    port = open_port(sys.argv[1], rate)
    print(rate, port.read_speed(), flush=True)
    found = b""
    while len(found) < 4096:
        select.select([port.fd], [], [])
        found += port.decode_marks(port.read())[0]
    print(found.hex(), flush=True)
    port.close()
"""


@EVERY_MAKE
def test_each_rate_is_set_and_every_byte_read(bench: Bench, emulated: EmulatedAdapter) -> None:
    data = bytes(range(256)) * 16
    emulated.read_requests()
    with bench.running(
        "env", "PYTHONPATH=/opt/project:/opt/packages", "python3", "-c", READ_AT_EACH_RATE, emulated.device, *RATES
    ) as reading:
        assert reading.stdout
        for rate in RATES:
            assert reading.stdout.readline().split() == [rate, rate]
            if emulated.chip != "ftdi":
                # An FTDI's divisor has eight forms; its driver works out the same rate from it.
                assert find_rates(emulated.read_requests())[-1] == pytest.approx(float(rate), EXACT)
            emulated.deliver(data)
            assert reading.stdout.readline().strip() == data.hex()


@EVERY_MAKE
def test_nothing_is_sent_and_the_port_is_left_as_it_was(bench: Bench, emulated: EmulatedAdapter) -> None:
    before = bench.run("stty", "-a", "-F", emulated.device)
    emulated.read_requests()
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME)
        assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        assert tap.interrupt() == (0, "")
    # open(2) itself raises both lines; we lower them one after the other, and nothing raises them after that.
    lines = find_lines(emulated.chip, emulated.read_requests())
    raised = lines.index(DTR | RTS)
    assert lines[raised : raised + 3] == [DTR | RTS, RTS, 0]
    assert set(lines[:raised] + lines[raised + 3 :]) <= {0}
    assert bench.run("stty", "-a", "-F", emulated.device) == before


@EVERY_MAKE
def test_the_adapter_is_named_and_what_it_is_known_by(bench: Bench, emulated: EmulatedAdapter) -> None:
    driver, ids, manufacturer, product, known_by = NAMES[emulated.chip]
    ports = [json.loads(line) for line in bench.run("evse-sniff", "ports", "--json").splitlines()]
    (port,) = (one for one in ports if one["device"] == emulated.device)
    assert (port["driver"], port["usb_ids"]) == (driver, ids)
    assert (port["manufacturer"], port["product"]) == (manufacturer, product)
    assert port["known_by"] == known_by.format(port["location"].partition(":")[0])
    assert any("/by-id/" in name for name in port["names"])
