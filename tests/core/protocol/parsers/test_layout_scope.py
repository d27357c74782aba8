"""A place of a layout may refer to the numbers before it, and may use names that are free."""

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.parsers.layout_scope import MOST_DEPTH, LayoutScope


def table(**keys: object) -> TomlTable:
    return TomlTable("my.toml", dict(keys))


def scope(depth: int = 0) -> LayoutScope:
    return LayoutScope("l.1.", "", {"n": 3}, {"t": 5}, {"l.1.n"}, depth)


def test_a_number_before_is_found_by_its_name() -> None:
    assert scope().find_number(table(count="n"), "count") == 3
    with pytest.raises(DefinitionError, match="count = 'm': must be an earlier number without sign: n"):
        scope().find_number(table(count="m"), "count")
    assert LayoutScope("", "", {}, {}, set(), 0).format_numbers() == "there is none"


def test_a_switch_is_on_a_number_or_a_text_before() -> None:
    assert [scope().find_switched(table(switch=name)) for name in ("n", "t")] == [3, 5]
    with pytest.raises(DefinitionError, match="switch = 'm': must be an earlier number without sign, or an earlier te"):
        scope().find_switched(table(switch="m"))


def test_a_group_takes_its_full_name_once() -> None:
    place = scope()
    assert place.take_group_name(table(name="g")) == "l.1.g"
    with pytest.raises(DefinitionError, match="name = 'g': must be different from the names of the other fields"):
        place.take_group_name(table(name="g"))


def test_what_is_added_within_does_not_show_outside() -> None:
    place = scope()
    inner = place.within("l.1.g.1.", "l.")
    inner.numbers["m"] = 4
    inner.texts["u"] = 6
    inner.take_group_name(table(name="h"))
    assert (place.numbers, place.taken, inner.depth) == ({"n": 3}, {"l.1.n"}, 1)
    assert inner.numbers == {"n": 3, "m": 4}
    assert (place.texts, inner.texts) == ({"t": 5}, {"t": 5, "u": 6})


@pytest.mark.parametrize(("keys", "key"), [({"switch": "n"}, "switch = 'n'"), ({"type": "list"}, "type = 'list'")])
def test_lists_and_switches_are_in_each_other_only_so_deep(keys: dict[str, object], key: str) -> None:
    scope(MOST_DEPTH - 1).check_depth(table(**keys))
    with pytest.raises(DefinitionError, match=f"{key}: must be at most {MOST_DEPTH} deep in others"):
        scope(MOST_DEPTH).check_depth(table(**keys))
