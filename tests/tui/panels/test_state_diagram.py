"""The drawing of the state machine: its edges are the table's."""

import re
from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.tui.panels.state_diagram import BOXED_LINES, BOXED_WIDTH, GRID, StateDiagram, arrange_states, draw_diagram
from tests.tui.helpers import FakeSource, part, running, sees, status_report

DEFINITION = packaged_definition()
STATES = tuple(DEFINITION.statuses.names.values())


def drawn(machine: StateDiagram, width: int = 60, *, boxed: bool = False) -> str:
    return "\n".join(line.plain for line in draw_diagram(machine, STATES, width, boxed=boxed))


def test_every_status_is_drawn_once() -> None:
    shown = drawn(StateDiagram({}))
    assert sorted(shown.split()) == sorted(STATES)


def test_empty_table_has_no_edges() -> None:
    assert not set("⇄→←⇅↓↑─▸◂") & set(drawn(StateDiagram({})))


@pytest.mark.parametrize("boxed", [False, True])
def test_each_move_between_neighbours_draws_one_arrow_and_its_reverse_another(boxed: bool) -> None:
    nothing = drawn(StateDiagram({}), boxed=boxed)
    for row, states in enumerate(GRID):
        for column, state in enumerate(states):
            beside = [states[column + 1]] if column + 1 < len(states) else []
            below = [GRID[row + 1][column]] if row + 1 < len(GRID) else []
            for other in (*beside, *below):
                forth = drawn(StateDiagram({state: (other,)}), boxed=boxed)
                back = drawn(StateDiagram({other: (state,)}), boxed=boxed)
                both = drawn(StateDiagram({state: (other,), other: (state,)}), boxed=boxed)
                assert len({nothing, forth, back, both}) == 4, (state, other)


@pytest.mark.parametrize("state", STATES)
def test_allowed_next_states_are_marked_and_no_others(state: str) -> None:
    shown = drawn(StateDiagram(DEFINITION.transitions, state), 38)
    marked = {name for name in STATES if re.search(rf"▹{name}\b", shown)}
    assert marked == set(DEFINITION.transitions[state])
    assert f"{'▲' if state == 'Faulted' else '●'}{state}" in shown


@pytest.mark.parametrize("state", STATES)
def test_boxes_stand_around_the_state_and_those_that_it_may_become(state: str) -> None:
    shown = drawn(StateDiagram(DEFINITION.transitions, state), boxed=True)
    assert (shown.count("┏"), shown.count("╔")) == ((0, 1) if state == "Faulted" else (1, 0))
    assert shown.count("╭") == len(DEFINITION.transitions[state])


@pytest.mark.parametrize("boxed", [False, True])
def test_faulted_has_a_colour_that_no_other_state_has(boxed: bool) -> None:
    def colors(state: str) -> set[str]:
        machine = StateDiagram(DEFINITION.transitions, state)
        lines = draw_diagram(machine, STATES, 60, boxed=boxed)
        return {color for line in lines for span in line.spans for color in re.findall(r"on (\S+)", str(span.style))}

    assert {state: colors(state) for state in STATES} == {
        state: {"$fault"} if state == "Faulted" else {"$state"} for state in STATES
    }


def test_station_may_become_what_a_station_can_be_only() -> None:
    shown = drawn(StateDiagram(DEFINITION.transitions, "Available", ("Available", "Faulted")))
    assert shown.count("▹") == 1


def test_room_that_boxes_need() -> None:
    lines = draw_diagram(StateDiagram(DEFINITION.transitions, "Faulted"), STATES, BOXED_WIDTH, boxed=True)
    assert len(lines) == BOXED_LINES
    assert max(line.cell_length for line in lines) == BOXED_WIDTH


def test_compact_drawing_fits_beside_the_detail_on_a_small_screen() -> None:
    assert (
        max(line.cell_length for line in draw_diagram(StateDiagram(DEFINITION.transitions), STATES, 38, boxed=False))
        <= 38
    )


def test_status_without_a_place_stands_in_a_further_row() -> None:
    assert arrange_states([*STATES, "Napping"])[-1] == ["Napping", "", ""]
    assert arrange_states(["Idle", "Heating"]) == [["Idle", "Heating", ""]]


@pytest.mark.parametrize(
    ("before", "now", "narrow", "wide"),
    [
        ("Preparing", "Charging", "⇒", "━━━━▶"),
        ("Finishing", "Available", "⇐", "◀━━━━"),
        ("Charging", "SuspendedEV", "⇒", "◂━━━▶"),
        ("Available", "Preparing", "⇑", "⇑"),
        ("Charging", "Finishing", "⇓", "⇓"),
    ],
)
def test_last_move_between_neighbours_has_a_thick_arrow(before: str, now: str, narrow: str, wide: str) -> None:
    machine = StateDiagram(DEFINITION.transitions, now, before=before)
    assert narrow in drawn(machine, 38)
    assert wide in drawn(machine, 80, boxed=True)
    assert not set(narrow + wide) & set(drawn(StateDiagram(DEFINITION.transitions), 38)) - set("◂")


@pytest.mark.parametrize("boxed", [False, True])
@pytest.mark.parametrize(("before", "now"), [("Reserved", "Available"), ("Charging", "Preparing")])
def test_last_move_that_the_table_lacks_is_crossed(before: str, now: str, boxed: bool) -> None:
    shown = drawn(StateDiagram({}, now, before=before, legal=False), 80 if boxed else 38, boxed=boxed)
    assert shown.count("✗") == 1


@pytest.mark.parametrize("now", STATES)
@pytest.mark.parametrize("before", STATES)
def test_state_before_is_marked(before: str, now: str) -> None:
    if before == now:
        return
    machine = StateDiagram(DEFINITION.transitions, now, before=before)
    marks = "▸" if before in DEFINITION.transitions[now] else "○"
    assert re.search(rf"{marks}{before}\b", drawn(machine, 38))
    assert drawn(machine, 80, boxed=True).count("┊") == 2


async def test_screen_draws_the_table_that_the_session_runs() -> None:
    async def shown(transitions: Mapping[str, tuple[str, ...]]) -> str:
        definition = replace(DEFINITION, transitions=transitions)
        async with running(FakeSource(Chunk(status_report("Reserved"), 1)), definition=definition) as pilot:
            await sees(pilot, "connector", "┏")
            return part(pilot, "connector")

    table = dict(DEFINITION.transitions)
    whole = await shown(table)
    less = await shown({**table, "Reserved": ("Available", "Faulted")})
    assert whole.count("╭") == 4
    assert less.count("╭") == 2
    assert "→" in whole.splitlines()[10]
    assert "→" not in less.splitlines()[10]
