"""The extra bytes of a record: what is packed is unpacked as it was, and as nothing else."""

import pytest

from sniffer.core.protocol.log_lines import Print
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import LineError, LineErrorMark, Order, Reception
from sniffer.core.wire.links import ROUTES
from sniffer.history.records.reception_codec import pack_extra, unpack_print, unpack_reception

NOISE = Noise(Reason.GARBAGE, 1, b"\0")
MARKS = tuple(LineErrorMark(at, error) for at, error in enumerate(LineError, 70_000))


def test_nothing_extra_is_no_bytes() -> None:
    assert pack_extra(Record(1, NOISE)) == b""
    assert unpack_print(b"") is None
    assert unpack_reception(b"") is None


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("process", [None, "", "comproc", "\udcff é"])
def test_print_of_a_log(route: object, process: str | None) -> None:
    printed = Print(process, route)  # type: ignore[arg-type]
    data = pack_extra(Record(1, NOISE, printed=printed))
    assert unpack_print(data) == printed
    assert unpack_reception(data) is None


@pytest.mark.parametrize("order", [None, *Order])
@pytest.mark.parametrize("marks", [(), MARKS[:1], MARKS])
@pytest.mark.parametrize("tap", [0, 1, 300])
def test_reception_by_a_tap(tap: int, marks: tuple[LineErrorMark, ...], order: Order | None) -> None:
    reception = Reception(tap, marks, order)
    data = pack_extra(Record(1, NOISE, reception=reception))
    assert unpack_reception(data) == reception
    assert unpack_print(data) is None
