"""The colours: dark and calm, so that the one thing that is red is the one thing that is wrong."""

from textual.theme import Theme

CALM = Theme(
    name="evse-calm",
    primary="#7fa7c9",
    secondary="#9aa7b5",
    accent="#d9b36c",
    foreground="#c8ced6",
    background="#12161b",
    surface="#161b21",
    panel="#1f262e",
    success="#8fb98a",
    warning="#d9b36c",
    error="#ec6a70",
    dark=True,
    variables={
        "quiet": "#7d8896",
        "faint": "#505a66",
        "rule": "#333c47",
        "chosen": "#2a3a4b",
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
