"""The colours of the screen: one dark and one light theme, calm enough that a red text stands out.

The variables `fault` to `quiet` are the colours of the ranks (`sniffer.text.ranks`). `primary` and `accent` belong to
what the user operates: the focus, keys, what is marked. Every theme has every variable. Text has a contrast of at least
4.5 on all backgrounds, also on the chosen row; `faint` and `rule` have at least 3 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from collections.abc import Mapping
from types import MappingProxyType

from textual.theme import Theme

from sniffer.text.ranks import Rank

CALM = Theme(
    name="evse-calm",
    primary="#7fa7c9",
    secondary="#9aa7b5",
    accent="#6cc0c4",
    foreground="#c8ced6",
    background="#12161b",
    surface="#161b21",
    panel="#1f262e",
    success="#8fb98a",
    warning="#d9b36c",
    error="#f0747a",
    dark=True,
    variables={
        "fault": "#f0747a",
        "good": "#8fb98a",
        "state": "#86b4e4",
        "note": "#c3a5ec",
        "routine": "#c8ced6",
        "quiet": "#909cab",
        "faint": "#727d89",
        "rule": "#5a6571",
        "chosen": "#243445",
        "footer-background": "#1a2027",
        "footer-key-foreground": "#7fa7c9",
        "footer-description-foreground": "#9aa7b5",
        "scrollbar": "#2b343e",
        "scrollbar-hover": "#3b4753",
        "scrollbar-active": "#7fa7c9",
        "scrollbar-background": "#12161b",
        "scrollbar-background-hover": "#12161b",
        "scrollbar-background-active": "#12161b",
    },
)

DAY = Theme(
    name="evse-day",
    primary="#1f5f94",
    secondary="#47525f",
    accent="#005f66",
    foreground="#262c34",
    background="#f8f7f4",
    surface="#f1f0ec",
    panel="#e6e6e2",
    success="#2f6b35",
    warning="#7d5200",
    error="#b3202c",
    dark=False,
    variables={
        "fault": "#b3202c",
        "good": "#2f6b35",
        "state": "#1f5f94",
        "note": "#6a3fa3",
        "routine": "#262c34",
        "quiet": "#556070",
        "faint": "#717b87",
        "rule": "#86909b",
        "chosen": "#d3e1ee",
        "footer-background": "#ecebe7",
        "footer-key-foreground": "#1f5f94",
        "footer-description-foreground": "#47525f",
        "scrollbar": "#c9ccce",
        "scrollbar-hover": "#b4b9bd",
        "scrollbar-active": "#1f5f94",
        "scrollbar-background": "#f8f7f4",
        "scrollbar-background-hover": "#f8f7f4",
        "scrollbar-background-active": "#f8f7f4",
    },
)

THEMES: Mapping[str, tuple[Theme, str]] = MappingProxyType(
    {
        CALM.name: (CALM, "Dark and calm"),
        DAY.name: (DAY, "Light, for a bench in the sun"),
    }
)
"""All themes by name, each with its description for the command palette."""

RANK_STYLES: Mapping[Rank, str] = MappingProxyType(
    {
        Rank.FAULT: "bold $fault",
        Rank.WARNING: "bold $warning",
        Rank.GOOD: "$good",
        Rank.STATE: "$state",
        Rank.NOTE: "italic $note",
        Rank.ROUTINE: "$routine",
        Rank.QUIET: "$quiet",
    }
)
"""The style of text of each rank."""


def filled_style(rank: Rank) -> str:
    """Return the style of text on a background in the colour of a rank."""
    return f"bold $background on ${rank}"
