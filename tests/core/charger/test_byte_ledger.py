"""The byte ledger: counts by reason, a snapshot that does not change, and a sum that is checked."""

from sniffer.core.charger.byte_ledger import ByteLedger, ByteLedgerCounter
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.items import LineError


def test_nothing_read_is_a_ledger_of_zeros() -> None:
    assert ByteLedgerCounter().balance(0, 0) == ByteLedger()
    assert set(ByteLedger().noise) == set(ByteLedger().noise_bytes) == set(Reason)
    assert set(ByteLedger().marked) == set(LineError)


def test_counts_are_by_reason() -> None:
    counter = ByteLedgerCounter()
    counter.count_read(100)
    counter.count_read(20)
    counter.count_noise(Reason.CRC, 30)
    counter.count_noise(Reason.CRC, 5)
    counter.count_noise(Reason.GARBAGE, 1)
    counter.lines += 1
    counter.count_line_error(LineError.BREAK)
    counter.count_line_error(LineError.BREAK)
    ledger = counter.balance(3, 60)
    assert (ledger.read, ledger.frames, ledger.frame_bytes, ledger.lines) == (120, 3, 60, 1)
    assert ledger.noise == {Reason.CRC: 2, Reason.GARBAGE: 1, Reason.TRUNCATED: 0}
    assert ledger.noise_bytes == {Reason.CRC: 35, Reason.GARBAGE: 1, Reason.TRUNCATED: 0}
    assert ledger.marked == {LineError.BREAK: 2, LineError.FRAMING: 0, LineError.PARITY: 0}


def test_what_is_in_neither_frame_nor_noise_is_waiting() -> None:
    counter = ByteLedgerCounter()
    counter.count_read(10)
    counter.count_noise(Reason.GARBAGE, 3)
    assert counter.balance(1, 5).waiting == 2


def test_a_ledger_does_not_change_with_its_counter() -> None:
    counter = ByteLedgerCounter()
    before = counter.balance(0, 0)
    counter.count_noise(Reason.CRC, 9)
    counter.count_line_error(LineError.PARITY)
    assert before == ByteLedger()
