"""Adapters are distinguished by serial numbers, USB sockets and udev's names, at Debian's udevd."""

import json
import time

from tests.kernel.bench import Bench, GuestTap, Wire
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw
RULES = "/etc/udev/rules.d"
WHILE_GONE = 3
"""Seconds; a twin was taken for the lost adapter in 0.6 seconds."""


def test_a_twin_in_another_socket_is_not_taken_for_the_lost_adapter(bench: Bench, adapter: str, wire: Wire) -> None:
    bench.unplug(1)
    assert bench.plug(1, "0001") == adapter
    twin = bench.plug(2, "0001", end="usb2")
    with GuestTap(bench, adapter, "--baud", "115200") as tap:
        tap.wait_until_open(adapter)
        bench.unplug(1)
        tap.until("source_lost")
        time.sleep(WHILE_GONE)
        assert bench.plug(1, "0001") != twin
        (back,) = (one for one in tap.until("source_back") if one["event"] == "source_back")
        assert back["how"] == "the same port, known by USB socket 1-1"
        assert back["away"] > WHILE_GONE
        wire.write(FRAME)
        assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        assert tap.interrupt()[0] == 0
    ports = [json.loads(line) for line in bench.run("evse-sniff", "ports", "--json").splitlines()]
    known_by = {port["device"]: port["known_by"] for port in ports if port["usb_ids"]}
    assert known_by == {adapter: "USB socket 1-1", twin: "USB socket 1-2"}


def test_an_adapter_with_its_own_number_is_found_in_another_socket(bench: Bench, adapter: str, wire: Wire) -> None:
    with GuestTap(bench, adapter, "--baud", "115200") as tap:
        tap.wait_until_open(adapter)
        bench.unplug(1)
        tap.until("source_lost")
        # Another adapter takes the name, and the socket.
        assert bench.plug(1, "B70Y8R", end="usb2") == adapter
        moved = bench.plug(2)
        assert moved != adapter
        assert tap.until("source_back")[-1]["how"] == f"as {moved}, known by serial number A60X7Q"
        wire.write(FRAME)
        assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        assert tap.interrupt()[0] == 0


def test_the_rules_give_names_rights_and_low_latency(bench: Bench, adapter: str) -> None:
    assert bench.run("cat", "/sys/class/tty/ttyUSB0/device/latency_timer") != "1\n"
    rules = bench.run("evse-sniff", "ports", "--udev", adapter)
    bench.shell(f'cp /opt/project/udev/*.rules {RULES}; echo "$0" > {RULES}/71-evse-names.rules', rules)
    bench.run("udevadm", "control", "--reload")
    try:
        bench.unplug(1)
        assert bench.plug(3) == adapter
        properties = bench.run("udevadm", "info", adapter).splitlines()
        assert bench.run("readlink", "-f", "/dev/evse-com") == f"{adapter}\n"
        assert {"E: ID_MM_DEVICE_IGNORE=1", "E: ID_EVSE_SNIFF=1"} <= set(properties)
        assert any(line.startswith("E: CURRENT_TAGS=") and ":uaccess:" in line for line in properties)
        assert bench.run("cat", "/sys/class/tty/ttyUSB0/device/latency_timer") == "1\n"
        assert "udev rules    in effect on /dev/evse-com" in bench.run("evse-sniff", "doctor", "/dev/evse-com")
    finally:
        bench.shell(f"rm {RULES}/*; udevadm control --reload")


def test_doctor_does_not_ask_for_rules_where_the_program_lowers_the_latency_itself(bench: Bench, adapter: str) -> None:
    # QEMU's adapter begins with 0, FTDI's with 16.
    bench.shell('echo 16 > "$0"', "/sys/class/tty/ttyUSB0/device/latency_timer")
    lines = [line for line in bench.run("evse-sniff", "doctor", adapter).splitlines() if " latency " in line]
    assert lines == [
        f"note   latency       {adapter} delivers bytes within 16 ms now: "
        "while it reads, the tool asks for 1 ms itself; the udev rules set it for all",
        "ok     latency       within 1 ms while the tool reads",
    ]
