"""The messages by which any pane of the screen leads to a record, or reports what was done."""

from textual.message import Message


class JumpToRecord(Message):
    """The user wants to see the record of this number. The session's screen goes there."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class ActionDone(Message):
    """An action that the user asked for has succeeded. The line of keys shows the text for some seconds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
