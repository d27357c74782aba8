"""The links of a definition: which routes there are, and on which of them frames are looked for."""

from sniffer.core.wire.links import PACKAGED, ROUTES, ROUTES_IN_BYTES
from tests.core.wire.boards import load_links


def test_the_packaged_links_have_their_routes() -> None:
    assert [route.direction for route in PACKAGED.routes] == ["com>pwr", "pwr>com", "ocpp>com", "com>ocpp"]
    assert [route.direction for route in PACKAGED.routes_in_bytes] == ["com>pwr", "pwr>com", None]
    assert PACKAGED.all_routes == (*ROUTES, ROUTES_IN_BYTES[-1])


def test_the_links_of_a_file_are_framed_in_place_of_the_others() -> None:
    both = PACKAGED.with_entries(load_links().entries)
    assert {*PACKAGED.links} < {*both.links}
    assert {route.link.name for route in both.routes_in_bytes} == {"jbd", "tuya", "jk", "modbus", "unchecked"}
    chosen = PACKAGED.with_entries(load_links().entries, ["pwrboard", "tuya"])
    assert {route.link.name for route in chosen.routes_in_bytes} == {"pwrboard", "tuya"}


def test_a_file_without_links_changes_nothing() -> None:
    assert PACKAGED.with_entries(()) == PACKAGED


def test_a_head_of_two_directions_has_none_unless_the_shapes_have_one() -> None:
    directions = {route.link.name: set[str | None]() for route in load_links().routes_in_bytes}
    for route in load_links().routes_in_bytes:
        directions[route.link.name].add(route.direction)
    assert directions["tuya"] == {None}
    assert directions["jbd"] == {"host>bms", "bms>host"}
    assert directions["modbus"] == {"master>slave", "slave>master", None}
