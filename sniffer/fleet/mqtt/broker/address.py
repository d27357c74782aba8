"""The address of a broker with the prefix of all topics: `mqtts://broker:8883/prefix`.

In: text from the command line or the settings. Out: a `BrokerAddress`, or `PublishError` with what to write instead. A
password in the address is refused: others can read it in the list of processes and in the history of the shell.
"""

import ipaddress
from urllib.parse import urlsplit

from msgspec import Struct

from sniffer.base.errors import PublishError

PORTS = {"mqtts": 8883, "mqtt": 1883}
"""The port of each scheme where the address names none (IANA's registry of ports)."""

EXAMPLE = "mqtts://broker.example/benches"

LONGEST_NAME = 64
"""The most characters of the name of a bench."""

_RESERVED = frozenset("+#\0")
"""The characters that a topic which is published must not contain (MQTT 5, 4.7.1 and 4.7.3)."""


class BrokerAddress(Struct, frozen=True):
    """A broker and the prefix of all topics, without slashes at its ends."""

    host: str
    port: int
    has_tls: bool
    prefix: str

    def __str__(self) -> str:
        scheme = "mqtts" if self.has_tls else "mqtt"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}/{self.prefix}"

    @property
    def is_local(self) -> bool:
        """True if the broker is on this machine, so that nothing goes through a network."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_address(text: str, *, without_tls: bool = False) -> BrokerAddress:
    """Return the address. Raises `PublishError`.

    `without_tls` allows a broker on another machine without TLS.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise PublishError(f"{text}: this is no address of a broker: write it as {EXAMPLE}") from error
    if parts.username is not None or parts.password is not None:
        # The text is not repeated, because it holds the password.
        raise PublishError(
            "the address of the broker holds a user: name user and password in `[publish]` of the settings instead"
        )
    if parts.scheme not in PORTS or not parts.hostname or parts.query or parts.fragment or port == 0:
        raise PublishError(f"{text}: this is no address of a broker: write it as {EXAMPLE}")
    prefix = parts.path.strip("/")
    if not prefix or prefix.startswith("$") or _RESERVED & set(prefix):
        raise PublishError(f"{text}: the address needs a prefix for all topics, without + and #: write it as {EXAMPLE}")
    address = BrokerAddress(parts.hostname, port or PORTS[parts.scheme], parts.scheme == "mqtts", prefix)
    if not (address.has_tls or address.is_local or without_tls):
        raise PublishError(
            f"{address}: everything would go through the network in clear: write mqtts://, or allow it by --without-tls"
        )
    return address


def check_bench(name: str) -> str:
    """Return the name of a bench, which is one level of a topic. Raises `PublishError` if it cannot be one."""
    if not name or len(name) > LONGEST_NAME or (_RESERVED | {"/"}) & set(name) or not name.isprintable():
        raise PublishError(
            f"{name or 'an empty text'}: this cannot be the name of a bench: use up to {LONGEST_NAME} characters, "
            "without / + and #"
        )
    return name
