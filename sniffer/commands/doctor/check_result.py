"""The result of a check, and its line."""

from enum import Enum

from msgspec import Struct

from sniffer.base.sanitize import printable


class Verdict(Enum):
    """The severity of a result; the value is the printed word. Only `WRONG` keeps the tool from working."""

    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


class CheckResult(Struct, frozen=True):
    """The result of one check, printed as one line.

    `advice` is empty if there is nothing to do. Control characters in `text` and `advice` are escaped when printed.
    """

    verdict: Verdict
    subject: str
    text: str
    advice: str = ""

    def format_line(self) -> str:
        """Return the line of the result: the verdict, the subject, the text and the advice."""
        shown = f"{self.text}: {self.advice}" if self.advice else self.text
        return printable(f"{self.verdict.value:<5}  {self.subject:<12}  {shown}")


def ok(subject: str, text: str) -> CheckResult:
    """Return the result of a check that found nothing wrong."""
    return CheckResult(Verdict.OK, subject, text)


def note(subject: str, text: str, advice: str = "") -> CheckResult:
    """Return a result that the user should know, but that does not keep the tool from working."""
    return CheckResult(Verdict.NOTE, subject, text, advice)


def wrong(subject: str, text: str, advice: str) -> CheckResult:
    """Return a result that keeps the tool from working, with what to do about it."""
    return CheckResult(Verdict.WRONG, subject, text, advice)
