"""The message by which any part of the screen leads to a record."""

from textual.message import Message


class JumpToRecord(Message):
    """The user wants to see the record of this number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
