"""The commands of a definition file: what each key becomes, and what is refused."""

import pytest

from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.links import COM_TO_PWR, OCPP_TO_COM
from tests.core.protocol.parsers.helpers import COMMAND, parse, refuse


class TestCommands:
    def test_each_key_is_taken_over(self) -> None:
        more = 'about = "why"\ntells = "status"\nanswers = true\nprovenance = "assumed"'
        (command,) = parse(COMMAND.replace("summary", f"{more}\nsummary")).commands
        assert (command.route, command.code, command.name, command.about) == (COM_TO_PWR, 0x77, "mine", "why")
        assert (command.role, command.answers, command.provenance) == ("status", True, Provenance.ASSUMED)
        assert (command.summary, command.positions) == ("is {a}", {"a": 0})

    def test_what_is_left_out_has_a_default(self) -> None:
        (command,) = parse(COMMAND).commands
        assert (command.about, command.role, command.answers, command.provenance) == ("", None, False, None)

    @pytest.mark.parametrize(
        ("answers", "expected"),
        [("true", (True, ())), ("false", (False, ())), ("0x60", (True, (0x60,))), ("[0x60, 1]", (True, (0x60, 1)))],
    )
    def test_a_command_answers_its_own_code_or_others(
        self, answers: str, expected: tuple[bool, tuple[int, ...]]
    ) -> None:
        definition = parse(COMMAND.replace("summary", f"answers = {answers}\nsummary"))
        assert (definition.commands[0].answers, definition.commands[0].answered) == expected

    @pytest.mark.parametrize("answers", ["[]", "256", "[1, 1]", "'0x60'", "[true]"])
    def test_what_answers_none_is_refused(self, answers: str) -> None:
        message = refuse(COMMAND.replace("summary", f"answers = {answers}\nsummary"))
        assert message.startswith("my.toml: command 1 (mine): answers = ")
        assert message.endswith(
            "must be true or false, the code of the command that it answers (0 to 255), or a list of codes"
        )

    @pytest.mark.parametrize(
        ("key", "wanted"),
        [
            ("code = 5", "code = 5: must be 0, as link lamp has no command"),
            (
                "code = 0\nanswers = [5]",
                "answers = [5]: must be true or false, as link lamp has no command, so there is only code 0",
            ),
        ],
    )
    def test_a_link_without_a_command_has_one_code(self, key: str, wanted: str) -> None:
        link = '[[link]]\nname = "lamp"\nheads = { "a>b" = "5A" }\nlength = { at = 1, adds = 3 }\npayload = 2\n'
        command = f'[[command]]\ndirection = "a>b"\nname = "mine"\n{key}\nsummary = ""\nfields = []\n'
        assert refuse(f'{link}check = {{ name = "sum" }}\n{command}') == f"my.toml: command 1 (mine): {wanted}"

    def test_the_link_of_the_file_holds_for_commands_without_their_own(self) -> None:
        common = COMMAND.replace('link = "pwrboard"\n', "").replace("com>pwr", "ocpp>com")
        assert parse(f'link = "dbus"\n{common}').commands[0].route == OCPP_TO_COM
        assert parse(f'link = "dbus"\n{COMMAND}').commands[0].route == COM_TO_PWR
        assert refuse(common).startswith("my.toml: command 1 (mine): link is missing: it must be one of ")

    @pytest.mark.parametrize(
        ("link", "direction", "most"), [("pwrboard", "com>pwr", 0xFF), ("dbus", "ocpp>com", 0xFFFF)]
    )
    def test_a_code_is_as_wide_as_that_of_the_link(self, link: str, direction: str, most: int) -> None:
        text = COMMAND.replace("pwrboard", link).replace("com>pwr", direction)
        assert parse(text.replace("0x77", str(most))).commands[0].code == most
        assert refuse(text.replace("0x77", str(most + 1))).endswith(f"must be a whole number from 0 to {most}")

    @pytest.mark.parametrize("summary", ["{b}", "{a", "a}", "{}", "{a} {b}"])
    def test_a_summary_names_fields_of_the_command_only(self, summary: str) -> None:
        message = refuse(COMMAND.replace("is {a}", summary))
        assert message.endswith(f"summary = {summary!r}: must be a text with fields of this command: {{a}}")

    def test_the_same_command_of_another_size_is_another_command(self) -> None:
        assert len(parse(COMMAND + COMMAND.replace("size = 1", "size = 2")).commands) == 2
        assert "command 2 (mine): has the same direction, code and size as my.toml: command 1 (mine)" in refuse(
            COMMAND * 2
        )


def with_sequence(sequence: str) -> str:
    return COMMAND.replace("code = 0x77", f"code = 0x77\nsequence = {sequence}")


class TestSequences:
    @pytest.mark.parametrize(
        ("written", "sequences"),
        [
            ('["random"]', ("random",)),
            ('["counter", "same"]', ("counter", "same")),
            ('["EEEE", "DDDD", "0000"]', ("EEEE", "DDDD", "0000")),
        ],
    )
    def test_they_are_words_or_digits(self, written: str, sequences: tuple[str, ...]) -> None:
        assert parse(with_sequence(written)).commands[0].sequences == sequences

    def test_they_may_be_left_out(self) -> None:
        assert parse(COMMAND).commands[0].sequences == ()

    @pytest.mark.parametrize(
        "written", ['["eeee"]', '["EEE"]', '["EEEEE"]', '["answer"]', '["same", "same"]', '["GGGG"]', '[""]']
    )
    def test_anything_else_is_refused(self, written: str) -> None:
        assert refuse(with_sequence(written)).endswith(
            'must be a list of different ones of "random", "counter", "same", or four digits as in "EEEE"'
        )

    @pytest.mark.parametrize("written", ["[]", '"same"', "[1]"])
    def test_they_are_a_list_of_texts(self, written: str) -> None:
        assert refuse(with_sequence(written)).endswith("must be a list with at least one text")
