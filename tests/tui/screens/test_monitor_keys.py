"""The keys of the session's screen: one action each, in groups, with a capital for the way back."""

from collections import Counter

from sniffer.tui.screens.monitor_keys import GROUPS, JUMPS

BINDINGS = [binding for _, bindings in GROUPS for binding in bindings]


def test_every_key_has_one_action_and_is_explained() -> None:
    shared = {key for key, count in Counter(binding.key for binding in BINDINGS).items() if count > 1}
    # The first of both is active only while an export runs.
    assert shared == {"escape"}
    assert all(binding.tooltip for binding in BINDINGS)


def test_a_capital_goes_to_the_previous_landmark() -> None:
    actions = {binding.key: binding.action for binding in JUMPS[1]}
    letters = [key for key in actions if key.islower() and len(key) == 1]
    assert letters == ["a", "s", "b", "r", "i", "w", "m"]
    for letter in letters:
        assert actions[letter.upper()] == actions[letter].replace(", 1)", ", -1)")
