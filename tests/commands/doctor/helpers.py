"""Helpers for the tests of the doctor."""

from sniffer.commands.doctor.check_result import CheckResult


def require(result: CheckResult | None) -> CheckResult:
    """Return the result of a check that must apply."""
    assert result is not None
    return result
