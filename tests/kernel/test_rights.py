"""The members of `dialout` may open a port of Debian's, and others are advised to join it."""

from tests.kernel.bench import Bench, GuestTap, Wire
from tests.known_frames import STATUS_REPORT


def test_a_member_of_dialout_reads_the_port(bench: Bench, adapter: str, wire: Wire) -> None:
    with GuestTap(bench, adapter, "--baud", "115200", user="dialer") as tap:
        tap.wait_until_open(adapter)
        wire.write(STATUS_REPORT.raw)
        assert tap.next_seen(1)[0]["raw"] == STATUS_REPORT.raw.hex()
        assert tap.interrupt() == (0, "")


def test_anybody_else_is_advised_to_join_it(bench: Bench, adapter: str) -> None:
    message = bench.run("evse-sniff", "dump", adapter, user="guest", status=1)
    assert "no permission: it is for group dialout: run `sudo usermod -aG dialout $USER`" in message
