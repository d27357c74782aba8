"""The counters of a session: one for each command and direction, joined with those of the other direction."""

from sniffer.core.charger.exchanges.command_counters import COMMANDS_KEPT, CommandCounters
from sniffer.core.charger.exchanges.command_stats import OTHERS
from sniffer.core.protocol.message import Message
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from tests.core.protocol.helpers import DEFINITION, decoded


def unknown(route: Route, code: int) -> Message:
    message: Message = decoded(route, code, b"\1")
    return message


def test_each_command_and_direction_has_one_counter() -> None:
    counters = CommandCounters(DEFINITION)
    first, other = counters.counter_of(unknown(PWR_TO_COM, 0x7E)), counters.counter_of(unknown(COM_TO_PWR, 0x7E))
    third = counters.counter_of(unknown(PWR_TO_COM, 0x7D))
    assert counters.counter_of(unknown(PWR_TO_COM, 0x7E)) is first
    assert [*counters.all] == [first, other, third]
    assert counters.of_routes == {PWR_TO_COM: [first, third], COM_TO_PWR: [other]}


def test_counters_of_one_code_in_both_directions_are_joined() -> None:
    counters = CommandCounters(DEFINITION)
    first, other = counters.counter_of(unknown(PWR_TO_COM, 0x7E)), counters.counter_of(unknown(COM_TO_PWR, 0x7E))
    alone = counters.counter_of(unknown(COM_TO_PWR, 0x7D))
    assert (first.requesters, other.requesters, alone.requesters) == ((other,), (first,), ())


def test_the_other_direction_is_that_of_the_same_link() -> None:
    counters = CommandCounters(DEFINITION)
    counters.counter_of(unknown(PWR_TO_COM, 0x7E))
    assert [counters.has_opposite(route) for route in (COM_TO_PWR, PWR_TO_COM, COM_TO_OCPP)] == [True, False, False]


def test_commands_beyond_the_most_share_a_counter_in_each_direction() -> None:
    counters = CommandCounters(DEFINITION)
    for number in range(COMMANDS_KEPT):
        counters.counter_of(unknown((OCPP_TO_COM, COM_TO_OCPP)[number % 2], 0x4000 + number))
    first, second = (counters.counter_of(unknown(OCPP_TO_COM, code)) for code in (0x5000, 0x5001))
    assert first is second
    assert first.name == OTHERS
    assert counters.counter_of(unknown(COM_TO_OCPP, 0x5000)) is not first
