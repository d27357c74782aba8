"""The result of a check, and its line."""

from dataclasses import dataclass
from enum import Enum

from sniffer.base.sanitize import printable


class Verdict(Enum):
    """How bad a result is; the value is the printed word. Only `WRONG` keeps the tool from working."""

    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check, printed as one line.

    `advice` is empty if there is nothing to do. Control characters in `text` and `advice` are escaped when printed.
    """

    verdict: Verdict
    subject: str
    text: str
    advice: str = ""

    def line(self) -> str:
        shown = f"{self.text}: {self.advice}" if self.advice else self.text
        return printable(f"{self.verdict.value:<5}  {self.subject:<12}  {shown}")


def ok(subject: str, text: str) -> CheckResult:
    return CheckResult(Verdict.OK, subject, text)


def note(subject: str, text: str, advice: str = "") -> CheckResult:
    return CheckResult(Verdict.NOTE, subject, text, advice)


def wrong(subject: str, text: str, advice: str) -> CheckResult:
    return CheckResult(Verdict.WRONG, subject, text, advice)
