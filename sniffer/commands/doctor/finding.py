"""What a check found."""

from dataclasses import dataclass
from enum import Enum

from sniffer.base.sanitize import printable


class Verdict(Enum):
    """How bad it is; the value is the word for it. Only what is wrong keeps the tool from working."""

    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line. `text` and `advice`, which is empty where there is nothing to do, may hold anything."""

    verdict: Verdict
    subject: str
    text: str
    advice: str = ""

    def line(self) -> str:
        told = f"{self.text}: {self.advice}" if self.advice else self.text
        return printable(f"{self.verdict.value:<5}  {self.subject:<12}  {told}")


def ok(subject: str, text: str) -> CheckResult:
    return CheckResult(Verdict.OK, subject, text)


def note(subject: str, text: str, advice: str = "") -> CheckResult:
    return CheckResult(Verdict.NOTE, subject, text, advice)


def wrong(subject: str, text: str, advice: str) -> CheckResult:
    return CheckResult(Verdict.WRONG, subject, text, advice)
