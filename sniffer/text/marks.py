"""The marks of events and records: the one table that gives each kind a character, on the screen and in reports.

In: the class of an event. Out: its character. The help of the screen lists them all with what they mean.
"""

from collections.abc import Mapping

from sniffer.core.charger import events

ILLEGAL_MOVE = "↛"
"""The mark of a status change that is not allowed; others have that of their event."""

NOISE, LOG, EVENTFUL, UNKNOWN, PLAIN = "~", "¶", "!", "?", " "
"""The marks of records: noise, a log line, a record with an event, a record that is not understood."""

MARKS = {
    NOISE: "noise: bytes that are in no valid frame",
    LOG: "a line of the charger's text log",
    EVENTFUL: "shows the event in the row below",
    UNKNOWN: "unknown command, or a payload of the wrong size",
    "▲": "fault raised",
    "△": "fault changed: its codes are more, or others",
    "▽": "fault cleared",
    "»": "connector status changed",
    "↻": "the power board announces itself",
    "®": "registration: pending, or accepted by the central system",
    "≠": "a report that contradicts itself",
    "≢": "a value that was passed on otherwise than it was reported",
    "≟": "a warning: an error code, but the status is not Faulted",
    "↯": "restart of the power board or the OCPP module",
    "∞": "boot loop, or its end",
    "…": "a request that stays without an answer",
    "◌": "overdue: a command that comes regularly was not received",
    "▭": "the card reader does not answer, or its fault is over",
    "⇉": "the same frame again",
    "◉": "the link: alive, silent, one side only, noise only ...",
    "✕": "source lost",
    "✓": "source back, or wiring in order again",
    "⌁": "baud rate found, or undetermined",
    "✗": "an OCPP call that was answered with an error",
    "◷": "what is known of the times: latency of the adapter, a clock with a wrong zone",
    "≉": "measured value that is not plausible",
    "⚠": "wiring: what is received shows that it is wrong",
    ILLEGAL_MOVE: "a move that OCPP 1.6, or the definition of a board, does not allow",
}

EVENT_MARKS: Mapping[type[events.Event], str] = {
    events.FaultRaised: "▲",
    events.FaultChanged: "△",
    events.FaultCleared: "▽",
    events.StatusChanged: "»",
    events.Contradicted: "≠",
    events.Warned: "≟",
    events.Disagreed: "≢",
    events.Booted: "↻",
    events.RegistrationChanged: "®",
    events.Restarted: "↯",
    events.BootLoop: "∞",
    events.BootLoopEnded: "∞",
    events.Unanswered: "…",
    events.Overdue: "◌",
    events.CardReaderFault: "▭",
    events.CardReaderFaultEnded: "▭",
    events.Retransmitted: "⇉",
    events.ImplausibleMeasurement: "≉",
    events.LinkHealthChanged: "◉",
    events.SourceLost: "✕",
    events.SourceBack: "✓",
    events.RateFound: "⌁",
    events.LatenessKnown: "◷",
    events.SourceShared: "⚠",
    events.LineErrorReported: "⚠",
    events.Miswired: "⚠",
    events.MiswiringEnded: "✓",
    events.OcppFailed: "✗",
    events.ClockOffset: "◷",
}
