"""The message by which any pane of the screen leads to a record."""

from textual.message import Message


class JumpToRecord(Message):
    """The user wants to see the record of this number. The session's screen goes there."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
