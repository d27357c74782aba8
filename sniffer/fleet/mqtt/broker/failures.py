"""Messages for failures between a bench and its broker: one line with what to do.

In: errors of the system and of TLS, and reason codes of MQTT 5. Out: text for people. Text of the broker is escaped.
"""

import socket
import ssl

from sniffer.base.sanitize import printable

NOT_AUTHORIZED, BAD_USER, QUOTA_EXCEEDED = 0x87, 0x86, 0x97
"""Reason codes of MQTT 5, 2.4."""

LOST = "the broker closed the connection"
SILENT = "the broker does not answer any more"
CLOSED_EARLY = (
    "the broker closed the connection before it answered: does it want TLS (mqtts://), or a client certificate (`cert` "
    "and `key` in `[publish]`)?"
)


def describe_connect_error(error: Exception) -> str:
    """Return why no connection could be made, and what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = printable(error.verify_message)
        return f"its certificate is not accepted ({reason}): name the file of the authority as `ca` in `[publish]`"
    if isinstance(error, ssl.SSLError):
        reason = printable((getattr(error, "reason", None) or str(error)).replace("_", " ").lower())
        return f"no TLS could be agreed on ({reason}): is this the port for TLS?"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there: is the broker running, and is this its port?"
    if isinstance(error, socket.gaierror):
        return "no machine of this name is found: is the name right, and is there a network?"
    if isinstance(error, TimeoutError):
        return "no answer: is the machine on, and does a firewall let the port through?"
    if isinstance(error, ConnectionResetError | EOFError):
        return CLOSED_EARLY
    return printable((error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__)


def describe_refused_login(code: int, name: str) -> str:
    """Return why the broker refused the login, from the reason code of its CONNACK and the name of that code."""
    if code in (BAD_USER, NOT_AUTHORIZED):
        return "the broker refuses user and password: correct them in `[publish]` or in the environment"
    return f"the broker refuses the connection: {printable(name).lower()}"


def describe_refused_message(code: int, name: str, topic: str) -> str:
    """Return why the broker refused a message, from the reason code of its PUBACK and the name of that code."""
    if code == NOT_AUTHORIZED:
        return f"this bench may not publish to {printable(topic)}: allow it in the ACL of the broker"
    if code == QUOTA_EXCEEDED:
        return f"the broker takes no more messages for {printable(topic)} at present: its quota is used up"
    return f"the broker refuses messages for {printable(topic)}: {printable(name).lower()}"
