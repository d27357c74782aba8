"""The names of the keys' actions, by which the settings give an action another key, and the check of those settings.

In: bindings of Textual, and keys by the names of actions, such as `{"note": "m"}`. Out: bindings with names, and
a keymap of Textual with what is wrong with the settings. A key is written as a character (`m`, `;`), or by name (`F2`,
`Ctrl+G`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from textual.binding import Binding, BindingType
from textual.keys import _character_to_key

from sniffer.base.late_pattern import compile_late
from sniffer.base.suggest import format_suggestion

_NAMES = {
    "find_next(1)": "next_match",
    "find_next(-1)": "previous_match",
    "speed(1)": "faster",
    "speed(-1)": "slower",
    "landmark('move', 1)": "next_status",
    "landmark('move', -1)": "previous_status",
    "zoom": "maximize",
    "leave": "quit",
    "cycle": "next_connector",
    "go": "go_to",
}
"""The names that do not follow from the action."""

_FIXED = ("escape", "tab", "shift+tab")
"""Keys that lead out of everything, and keep their actions."""

_ACTION = compile_late(r"(?:app\.)?(\w+)(?:\((.*)\))?")
_KEY = compile_late(
    r"(?:(?:ctrl|alt|shift)\+)*(?:[a-z0-9]|f[1-9]|f1[0-9]|f2[0-4]|space|home|end|insert|delete|pageup|pagedown)"
)


def name_of(action: str) -> str:
    """Return the name of an action: `note`, `next_fault` for `landmark('fault', 1)`, `link` for `panel('link')`."""
    if action in _NAMES:
        return _NAMES[action]
    found = _ACTION.fullmatch(action)
    base, arguments = (found[1], found[2] or "") if found else (action, "")
    words = re.findall(r"'(\w+)'", arguments) or [base]
    direction = {"1": ["next"], "-1": ["previous"]}.get(arguments.rpartition(",")[2].strip(), [])
    return "_".join([*direction, *words])


def name_bindings(bindings: Iterable[BindingType]) -> list[BindingType]:
    """Return the bindings with the names of their actions as ids, except those whose keys cannot be changed."""
    return [
        replace(one, id=name_of(one.action)) if isinstance(one, Binding) and one.key not in _FIXED else one
        for one in bindings
    ]


def apply_keymap(bindings: Iterable[BindingType], keymap: Mapping[str, str]) -> Iterator[BindingType]:
    """Yield the bindings with the keys of the keymap, as they are listed in the help."""
    for binding in bindings:
        if isinstance(binding, Binding) and binding.id and binding.id in keymap:
            yield binding.with_key(keymap[binding.id], None)
        else:
            yield binding


def build_keymap(
    keys: Iterable[tuple[str, str]], named: Sequence[BindingType], others: Sequence[BindingType]
) -> tuple[dict[str, str], list[str]]:
    """Return the keymap for these keys by action, and a line on each that cannot be used.

    `named` are the bindings that can be changed, `others` further ones whose keys are taken.
    """
    by_name = {one.id: one for one in named if isinstance(one, Binding) and one.id}
    keymap: dict[str, str] = {}
    complaints: list[str] = []
    for name, text in keys:
        key = normalize_key(text)
        if name not in by_name:
            suggestion = format_suggestion(name, by_name) or ": `evse-sniff help settings` lists them"
            complaints.append(f"there is no action {name}{suggestion}")
        elif key is None:
            complaints.append(f"{name}: {text} is no key: write a character, F2 or Ctrl+G")
        elif by_name[name].key != key:
            keymap[name] = key
    kept = [*(one for one in named if not (isinstance(one, Binding) and one.id in keymap)), *others]
    taken = {key: one for one in kept if isinstance(one, Binding) for key in one.key.split(",")}
    for name, key in list(keymap.items()):
        if key in taken:
            complaints.append(f"{name}: {dict(keys)[name]} is taken by {taken[key].description}: choose another key")
            del keymap[name]
        taken[key] = by_name[name]
    return keymap, complaints


def normalize_key(text: str) -> str | None:
    """Return a key as Textual names it; None if it is not one."""
    if len(text) == 1 and text.isprintable() and text != " ":
        return _character_to_key(text)
    key = text.casefold().replace(" ", "")
    return key if len(key) > 1 and _KEY.fullmatch(key) else None
