"""Tests of the message that leads to a record."""

from sniffer.tui.messages import JumpToRecord


def test_message_has_the_number_of_the_record_and_goes_up_to_the_screen() -> None:
    message = JumpToRecord(17)
    assert message.number == 17
    assert message.bubble
    assert message.handler_name == "on_jump_to_record"
