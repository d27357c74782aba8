"""Two readers of one port: who holds it is named before it is opened, and noticed while it is read."""

import re
import time

from tests.kernel.bench import Bench, GuestTap, Wire
from tests.kernel.emulated_adapter import EmulatedAdapter
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw


def _send_slowly(emulated: EmulatedAdapter) -> None:
    """Send frames one by one, so that both readers are woken for each."""
    for _ in range(40):
        emulated.deliver(FRAME)
        time.sleep(0.05)


def test_a_reader_without_a_lock_is_named_and_the_port_left_alone(bench: Bench, adapter: str) -> None:
    before = bench.run("stty", "-a", "-F", adapter)
    with bench.running("cat", adapter):
        bench.wait_until_held(adapter)
        message = bench.run("evse-sniff", "dump", adapter, status=1)
        assert bench.run("stty", "-a", "-F", adapter) == before
    assert re.search(r"another program has the port open: cat \(\d+\).* --share$", message)


def test_a_getty_of_root_is_named_to_a_user_without_rights(bench: Bench, adapter: str) -> None:
    with bench.running("agetty", "-L", "115200", adapter.removeprefix("/dev/"), "vt220"):
        bench.wait_until_held(adapter)
        message = bench.run("evse-sniff", "dump", adapter, user="dialer", status=1)
    assert re.search(r"another program has the port open: agetty \(\d+\).* --share$", message)


def test_a_shared_port_is_read_as_it_is_and_is_not_lost_while_both_read(
    bench: Bench, emulated: EmulatedAdapter
) -> None:
    # With `min 0`, as other programs leave it, a read of nothing looks like the end of the device.
    bench.run("stty", "-F", emulated.device, "115200", "raw", "min", "0", "time", "10")
    before = bench.run("stty", "-a", "-F", emulated.device)
    loop = "while :; do cat >/dev/null; done"
    with (
        bench.running("sh", "-c", f"exec <{emulated.device}; {loop}"),
        GuestTap(bench, emulated.device, "--share") as tap,
    ):
        tap.wait_until_open(emulated.device)
        assert "sh (" in tap.until("shared")[-1]["holder"]
        assert bench.run("stty", "-a", "-F", emulated.device) == before
        _send_slowly(emulated)
        assert tap.interrupt()[0] == 0
        assert "source_lost" not in [one.get("event") for one in tap.left]
    assert bench.run("stty", "-a", "-F", emulated.device) == before


def test_a_second_reader_is_reported_when_it_comes_and_is_no_loss(bench: Bench, emulated: EmulatedAdapter) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        # A session leader would take the port for its terminal, and the kernel hangs that up when the leader ends.
        with bench.running("sh", "-c", 'cat "$0"; :', emulated.device):
            found = tap.until("shared")
            _send_slowly(emulated)
            bench.run("pkill", "-x", "cat")
        emulated.deliver(FRAME)
        assert "cat (" in found[-1]["holder"]
        assert tap.interrupt()[0] == 0
        assert "source_lost" not in [one.get("event") for one in [*found, *tap.left]]


def test_a_second_reader_without_rights_is_refused_by_the_kernel(bench: Bench, adapter: str) -> None:
    with GuestTap(bench, adapter, "--baud", "115200", user="dialer") as tap:
        tap.wait_until_open(adapter)
        assert "Device or resource busy" in bench.run("cat", adapter, user="dialer", status=1)
        message = bench.run("evse-sniff", "dump", adapter, user="dialer", status=1)
        assert re.search(r"another program has the port open: python3 \(\d+\)", message)


def test_a_line_that_a_session_leader_hung_up_is_no_lost_adapter(bench: Bench, adapter: str, wire: Wire) -> None:
    before = bench.run("stty", "-a", "-F", adapter)
    with GuestTap(bench, adapter, "--baud", "115200") as tap:
        tap.wait_until_open(adapter)
        # Opening takes the port as the terminal of the session, and the kernel hangs that up when the leader ends.
        bench.run("setsid", "-w", "sh", "-c", 'exec < "$0"', adapter)
        assert tap.until("source_lost")[-1]["reason"] == "the line was hung up by another program"
        assert tap.until("source_back")[-1]["how"] == "the same port, known by serial number A60X7Q"
        tap.wait_until_open(adapter)
        wire.write(FRAME)
        assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        assert tap.interrupt()[0] == 0
    assert bench.run("stty", "-a", "-F", adapter) == before
    assert wire.read() == b""
