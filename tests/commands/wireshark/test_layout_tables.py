"""The parts of a payload as tables: what refers to a field has its index, from 1."""

from typing import Any

from sniffer.commands.wireshark.layout_tables import build_parts, list_bit_positions
from tests.core.protocol.every_type import load_every_type

DEFINITION = load_every_type()


def parts_of(name: str) -> Any:
    return build_parts(DEFINITION.command(name).parts)


def test_bits_have_their_places() -> None:
    command = DEFINITION.command("bits")
    flags, wide, _ = parts_of("bits")
    names = [command.fields[index - 1].name for index, _, _ in flags["places"]]
    assert (flags["kind"], flags["size"], flags["little"]) == ("bits", 2, None)
    assert list(zip(names, flags["places"], strict=True))[2] == ("flags.mode", (3, 3, 4))
    assert (wide["little"], [place[1:] for place in wide["places"]]) == (True, [(0, 31), (31, 33)])
    assert list_bit_positions(command) == {*range(len(command.fields))}


def test_lists_refer_to_their_count_or_size() -> None:
    command = DEFINITION.command("lists")
    lists = {part["name"]: part for part in parts_of("lists") if part["kind"] == "list"}
    fields = [None, *(field.name for field in command.fields)]
    assert fields[lists["cells"]["count_from"]] == "cell_count"
    assert fields[lists["pairs"]["bytes_from"]] == "pair_size"
    assert [len(lists[name]["items"]) for name in lists] == [4, 3, 4]
    switch = lists["points"]["items"][1][-1]
    assert (fields[switch["on"]], switch["case_of"]) == ("points.2.id", {20: 1})
    assert fields[switch["otherwise"][0]["otherwise"][0]["size_from"]] == "points.2.length"


def test_what_may_be_missing_is_one_part() -> None:
    assert [part["kind"] for part in parts_of("choices")] == ["field", "switch", "optional"]
    assert [part["index"] for part in parts_of("choices")[2]["parts"]] == [4, 5]
