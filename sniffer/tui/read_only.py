"""The actions of a screen that may only be looked at.

In: an action, as a key or the command palette runs it. Out: whether it only looks. What is not listed is refused, so
that an action that is added later changes nothing by mistake. A filter, a pause or a replay is of this screen alone:
what is read, counted or recorded goes on.
"""

from textual.actions import ActionParseResult, parse

_LIST = ("move", "page", "open", "oldest", "newest", "step", "toggle_follow", "partner", "copy", "landmark", "go")
_FIND = ("find", "find_next", "filter", "filter_alike", "prompt", "pause", "speed", "acknowledge")
_PANES = ("panel", "cycle", "zoom", "back", "compare", "byte", "jump", "end", "seek", "begin", "finish", "whole")
_PROGRAM = ("time_mode", "columns", "done", "help", "leave", "quit", "dismiss", "command_palette", "scroll")
_TEXTUAL = (
    *("focus_next", "focus_previous", "scroll_up", "scroll_down", "scroll_left", "scroll_right", "scroll_home"),
    *("scroll_end", "page_up", "page_down", "page_left", "page_right", "cursor_up", "cursor_down", "cursor_left"),
    *("cursor_right", "cursor_left_word", "cursor_right_word", "first", "last", "home", "select", "delete_left"),
    *("delete_right", "delete_left_word", "delete_right_word", "delete_left_all", "delete_right_all", "submit"),
    *("paste", "cut", "select_all", "toggle_option", "command", "escape"),
)
"""The actions of the lists and of the line that is typed into, of Textual itself."""

LOOKING_ACTIONS = frozenset((*_LIST, *_FIND, *_PANES, *_PROGRAM, *_TEXTUAL))
"""The names of all actions that only look: their result is seen by whoever pressed the key, and kept nowhere."""


def is_looking(action: "str | ActionParseResult") -> bool:
    """Return True if an action only looks."""
    _, name, _ = parse(action) if isinstance(action, str) else action
    return name in LOOKING_ACTIONS
