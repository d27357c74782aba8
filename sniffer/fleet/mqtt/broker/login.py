"""The login of a bench at a broker: user and password, or a certificate; and the authorities that it trusts.

In: the settings and the environment. Out: a `Login`. Secrets come from nowhere else: the command line is visible to
everyone on the machine. Raises `PublishError` with what to mend.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sniffer.base.errors import PublishError
from sniffer.config.publish_settings import PublishSettings

USER, PASSWORD = "EVSE_SNIFF_MQTT_USER", "EVSE_SNIFF_MQTT_PASSWORD"
"""The variables of the environment that are stronger than the settings."""


@dataclass(frozen=True, slots=True)
class Login:
    """User and password, both empty without them. `tls` is None for a connection without TLS."""

    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None


class _ClosingSocket(ssl.SSLSocket):
    """A connection that is closed when no TLS can be agreed on: the library would leave it open."""

    def do_handshake(self, block: bool = False) -> None:
        """Agree on TLS. Raises `OSError`."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def read_login(settings: PublishSettings, *, has_tls: bool, environment: Mapping[str, str] = os.environ) -> Login:
    """Return the login of these settings. Raises `PublishError`."""
    user = environment.get(USER) or settings.user
    password = _read_password(settings, environment)
    if password and not user:
        raise PublishError("there is a password for the broker, but no user: name it as `user` in `[publish]`")
    return Login(user, password, _build_context(settings) if has_tls else None)


def _read_password(settings: PublishSettings, environment: Mapping[str, str]) -> str:
    """Return the password from the first place that has one; empty if none has."""
    if found := environment.get(PASSWORD):
        return found
    if name := settings.password_env:
        if not environment.get(name):
            raise PublishError(
                f"the variable {name} of the environment is not set: set it, or take `password_env` out of `[publish]`"
            )
        return environment[name]
    if settings.password_file:
        path = Path(settings.password_file).expanduser()
        try:
            return path.read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise PublishError(f"{path}: the password cannot be read: {_reason_of(error)}") from error
    return settings.password


def _build_context(settings: PublishSettings) -> ssl.SSLContext:
    """Return the settings of TLS: the authorities, of the system or `ca`, and the certificate of this bench, if any."""
    ca = Path(settings.ca).expanduser() if settings.ca else None
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise PublishError(f"{ca}: `ca` in `[publish]` must be a file of certificates: {_reason_of(error)}") from error
    context.sslsocket_class = _ClosingSocket
    if settings.key and not settings.cert:
        raise PublishError("there is a `key` in `[publish]` without a `cert`: name the file of the certificate as well")
    if settings.cert:
        cert, key = (Path(name).expanduser() if name else None for name in (settings.cert, settings.key))
        assert cert is not None
        try:
            context.load_cert_chain(cert, key, password=_refuse_to_ask)
        except (OSError, ssl.SSLError, ValueError) as error:
            raise PublishError(
                f"{cert}: `cert` and `key` in `[publish]` must be a certificate and its key: {_reason_of(error)}"
            ) from error
    return context


def _refuse_to_ask() -> str:
    """Raise `ValueError`: OpenSSL would ask for the password of the key on the terminal, which the screen covers."""
    raise ValueError("the key is encrypted: store it without a password, readable for this user only")


def _reason_of(error: Exception) -> str:
    """Return why a file cannot be used."""
    if isinstance(error, ssl.SSLError):
        return (error.reason or "not understood").replace("_", " ").lower()
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
