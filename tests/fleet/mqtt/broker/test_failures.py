"""Each failure is one line that says what to do."""

import socket
import ssl

import pytest

from sniffer.fleet.mqtt.broker.failures import (
    describe_connect_error,
    describe_refused_login,
    describe_refused_message,
)


@pytest.mark.parametrize(
    ("error", "about"),
    [
        (ConnectionRefusedError(111, "refused"), "is the broker running"),
        (socket.gaierror(-2, "unknown"), "no machine of this name"),
        (TimeoutError("timed out"), "firewall"),
        (ConnectionResetError(104, "reset"), "client certificate"),
        (EOFError(), "client certificate"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), "the port for TLS"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
        (OSError(5, "bad\x1b[31m"), "bad"),
        (ValueError(), "ValueError"),
    ],
)
def test_a_failed_connection_is_described_with_what_to_do(error, about):
    text = describe_connect_error(error)
    assert about in text
    assert text.isprintable()


def test_a_certificate_that_is_not_accepted_is_described_with_its_reason():
    error = ssl.SSLCertVerificationError(1, "failed")
    error.verify_message = "self-signed certificate"
    assert describe_connect_error(error) == (
        "its certificate is not accepted (self-signed certificate): name the file of the authority as `ca` in "
        "`[publish]`"
    )


def test_a_refusal_says_what_to_do():
    assert "user and password" in describe_refused_login(0x86, "Bad user name or password")
    assert "user and password" in describe_refused_login(0x87, "Not authorized")
    assert describe_refused_login(0x8A, "Banned\x1b") == "the broker refuses the connection: banned\\x1b"
    assert "a/b: allow it in the ACL" in describe_refused_message(0x87, "Not authorized", "a/b")
    assert "quota" in describe_refused_message(0x97, "Quota exceeded", "a/b")
    assert describe_refused_message(0x80, "Unspecified error", "a/b").endswith("a/b: unspecified error")
