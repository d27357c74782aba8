"""The keys of the session's screen, in the groups that the help shows.

In: nothing. Out: groups of bindings. The actions stand in `sniffer.tui.controllers` and in the screen itself. The keys
of a single pane stand in that pane.
"""

from collections.abc import Sequence

from textual.binding import Binding

KeyGroup = tuple[str, Sequence[Binding]]
"""The heading of a group, and its bindings."""


def _bind_landmark(key: str, name: str, about: str) -> tuple[Binding, Binding]:
    """Return the binding of a letter that goes to the next landmark, and of its capital for the previous one."""
    return (
        Binding(key, f"landmark({name!r}, 1)", name, show=False, tooltip=f"Go to the next {about}"),
        Binding(key.upper(), f"landmark({name!r}, -1)", name, show=False, tooltip=f"Go to the previous {about}"),
    )


JUMPS: KeyGroup = (
    "Go to",
    (
        *_bind_landmark("a", "fault", "fault (alarm)"),
        *_bind_landmark("s", "move", "change of status"),
        *_bind_landmark("b", "noise", "noise (bad bytes)"),
        *_bind_landmark("r", "boot", "restart, boot loop or first announcement"),
        *_bind_landmark("i", "gap", "gap: nothing came when something was due (idle)"),
        *_bind_landmark("w", "contradiction", "contradiction or warning (wrong)"),
        *_bind_landmark("m", "note", "note (mark)"),
        Binding("colon", "go", "go to", show=False, tooltip="Go to a record, a line of a log, or a time"),
    ),
)

SELECTION: KeyGroup = (
    "Find and filter",
    (
        Binding("slash", "find", "find", show=False, tooltip="Find a text, or bytes in hex; on a live list upward"),
        Binding("n", "find_next(1)", "next", show=False, tooltip="Go on to the next row that contains the text"),
        Binding("N", "find_next(-1)", "before", show=False, tooltip="Go back: the other way of n"),
        Binding("f", "filter", "filter", show=False, tooltip="Show only the records that match a filter"),
    ),
)

MOMENT: KeyGroup = (
    "Pause and replay",
    (
        Binding(
            "space",
            "pause",
            "pause",
            show=False,
            tooltip="Pause the screen, or catch up; in a file, play or pause a replay",
        ),
        Binding("greater_than_sign", "speed(1)", "faster", show=False, tooltip="Replay: play faster"),
        Binding("less_than_sign", "speed(-1)", "slower", show=False, tooltip="Replay: play slower"),
    ),
)

OUTPUT: KeyGroup = (
    "Notes and exports",
    (
        Binding("semicolon", "note", "note", show=False, tooltip="Make a note at the chosen record"),
        Binding(
            "x", "export", "export", show=False, tooltip="Export the session or a part of it; again: stop the export"
        ),
        Binding("u", "find_framing", "framing", show=False, tooltip="Look for the framing of unknown bytes"),
    ),
)

PANES: KeyGroup = (
    "Panes and columns",
    (
        Binding("1", "panel('connector')", "connector", show=False, tooltip="Show the connector's state machine"),
        Binding("2", "panel('faults')", "faults", show=False, tooltip="Show the active faults"),
        Binding("3", "panel('link')", "link", show=False, tooltip="Show the line and the byte ledger"),
        Binding("4", "panel('timeline')", "timeline", show=False, tooltip="Show the session on one line of time"),
        Binding("c", "cycle", "connector", show=False, tooltip="Show the next connector"),
        Binding("tab", "app.focus_next", "pane", show=False, tooltip="Go to the next pane"),
        Binding("shift+tab", "app.focus_previous", "pane before", show=False, tooltip="Go to the previous pane"),
        Binding("backslash", "zoom", "maximise", show=False, tooltip="Maximise the pane, or show all panes again"),
        Binding("escape", "stop_export", "stop", show=False, tooltip="Stop the export"),
        Binding("escape", "back", "back", show=False, tooltip="Go back to all panes, to the list, and from a replay"),
        Binding(
            "t",
            "app.time_mode",
            "time",
            show=False,
            tooltip="Show times as time of day, since the beginning, or between rows",
        ),
        Binding("v", "app.columns", "columns", show=False, tooltip="Choose the columns of the list"),
    ),
)

ALERTS: KeyGroup = (
    "Alerts",
    (Binding("exclamation_mark", "acknowledge", "acknowledge", show=False, tooltip="Acknowledge the alert"),),
)

PROGRAM: KeyGroup = (
    "Program",
    (
        Binding("ctrl+p", "app.command_palette", "commands", show=False, tooltip="List all commands, and the themes"),
        Binding("question_mark", "help", "help", show=False, tooltip="List all keys"),
        Binding("q", "leave", "quit", show=False, tooltip="Back to all panes, or quit"),
    ),
)

GROUPS: tuple[KeyGroup, ...] = (JUMPS, SELECTION, MOMENT, OUTPUT, PANES, ALERTS, PROGRAM)
"""All keys of the screen that work in every pane, by group."""
