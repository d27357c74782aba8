"""The kinds of identifiers that a bundle must not hold, and the names of fields and keys that hold one.

In: the name of a field, of a key in JSON or of a setting in a log. Out: the `IdentifierKind` of its value, or None.
Names are compared without case and without anything but letters and digits: `idTag` and `ID-TAG` are one name.
"""

from enum import StrEnum

from sniffer.base.late_pattern import compile_late


class IdentifierKind(StrEnum):
    """A kind of identifier. The value is its name for people."""

    CHARGE_POINT = "charge point id"
    CARD = "card or contract id"
    SERIAL = "serial number"
    SIM = "SIM or modem number"
    USER = "user name"
    SECRET = "password or key"
    NETWORK = "network name"
    HOST = "host name"
    URL = "address on the net (URL)"
    IP = "IP address"
    MAC = "MAC address"
    PLACE = "place"
    PORT = "port or file name"
    UNEXPLAINED = "text in bytes without a known meaning"
    NAMED = "named with --also"


PREFIXES = {
    IdentifierKind.CHARGE_POINT: "CP",
    IdentifierKind.CARD: "CARD",
    IdentifierKind.SERIAL: "SN",
    IdentifierKind.SIM: "SIM",
    IdentifierKind.USER: "USER-",
    IdentifierKind.SECRET: "SECRET-",
    IdentifierKind.NETWORK: "NETWORK-",
    IdentifierKind.HOST: "HOST-",
    IdentifierKind.URL: "URL-",
    IdentifierKind.IP: "IP-",
    IdentifierKind.MAC: "MAC-",
    IdentifierKind.PLACE: "PLACE-",
    IdentifierKind.PORT: "PORT-",
    IdentifierKind.UNEXPLAINED: "TEXT",
    IdentifierKind.NAMED: "NAME-",
}
"""The beginning of the placeholders of each kind."""

SAME_LENGTH = (
    IdentifierKind.CHARGE_POINT,
    IdentifierKind.CARD,
    IdentifierKind.SERIAL,
    IdentifierKind.SIM,
    IdentifierKind.UNEXPLAINED,
)
"""The kinds whose placeholders are as long as the identifier, as they stand in fields of a fixed size."""

_NAMES: tuple[tuple[str, IdentifierKind], ...] = (
    (r"cpid|(chargepoint|chargebox|charger|station)(id|ident|identity)|evseid|identity", IdentifierKind.CHARGE_POINT),
    (r".*serial(number|num|no|nr)?|sn|.*serno", IdentifierKind.SERIAL),
    (r"iccid|imsi|imei|msisdn|eid", IdentifierKind.SIM),
    (r"(parent|group)?idtag|idtoken|card(id|no|nr|number|uid|serial)|rfid(uid|tag|id)?|uid|tagid", IdentifierKind.CARD),
    (r"emaid|contractid|evccid|vin|certificateserialnumber", IdentifierKind.CARD),
    (r"user(name|id)?|login|account(name)?|customer(name|id)?|owner", IdentifierKind.USER),
    (r".*(password|passwd|pwd|secret|passphrase)", IdentifierKind.SECRET),
    (r"(authorization|auth|basicauth|api|private|wpa|psk)key|psk", IdentifierKind.SECRET),
    (r".*ssid|apn(name|user)?", IdentifierKind.NETWORK),
    (r"host(name)?|domain", IdentifierKind.HOST),
    (r"(server|csms|centralsystem|backend|ocpp|proxy|ftp|ntp)(host(name)?|addr(ess)?)", IdentifierKind.HOST),
    (r"(.*url|.*uri|endpoint)", IdentifierKind.URL),
    (r"(.*mac(addr(ess)?)?|hwaddr)", IdentifierKind.MAC),
    (r"latitude|longitude|lat|lon|lng|gps", IdentifierKind.PLACE),
)  # fmt: skip
_PATTERNS = tuple((compile_late(pattern), kind) for pattern, kind in _NAMES)
_PUNCTUATION = compile_late(r"[^a-z0-9]+")


def kind_of_name(name: str) -> IdentifierKind | None:
    """Return the kind of identifier that a field, key or setting of this name holds; None if it holds none."""
    plain = _PUNCTUATION.sub("", name.casefold())
    return next((kind for pattern, kind in _PATTERNS if pattern.fullmatch(plain)), None)
