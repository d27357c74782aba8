"""Secrets come from the settings, a file or the environment, and a mistake is named in one line."""

import subprocess

import pytest

from sniffer.base.errors import PublishError
from sniffer.config.publish_settings import PublishSettings
from sniffer.fleet.mqtt.broker.login import Login, read_login
from tests.fleet.mqtt.mosquitto import make_certificates
from tests.tools import need


def read(environment=(), *, has_tls=False, **settings):
    return read_login(PublishSettings(**settings), has_tls=has_tls, environment=dict(environment))


def test_the_environment_is_stronger_than_the_settings(tmp_path):
    (tmp_path / "secret").write_text("from the file\n")
    given = {"user": "me", "password": "a", "password_file": str(tmp_path / "secret")}
    assert read(**given) == Login("me", "from the file")
    assert read({"X": "b"}, password_env="X", **given) == Login("me", "b")
    environment = {"EVSE_SNIFF_MQTT_USER": "you", "EVSE_SNIFF_MQTT_PASSWORD": "c", "X": "b"}
    assert read(environment, password_env="X", **given) == Login("you", "c")
    assert read() == Login()


def test_a_password_is_not_shown():
    assert "secret" not in repr(read(user="me", password="secret"))


@pytest.mark.parametrize(
    ("settings", "about"),
    [
        ({"password": "x"}, "no user"),
        ({"user": "me", "password_env": "NOWHERE"}, "NOWHERE .* is not set: set it, or take `password_env` out"),
        ({"user": "me", "password_file": "/nowhere"}, "/nowhere: the password cannot be read: No such file"),
        ({"ca": "/nowhere"}, "/nowhere: `ca` .*: No such file"),
        ({"cert": "/nowhere"}, "/nowhere: `cert` and `key` .*: No such file"),
        ({"key": "/nowhere"}, "without a `cert`"),
    ],
)
def test_a_mistake_is_named(settings, about):
    with pytest.raises(PublishError, match=about):
        read(has_tls=True, **settings)


def test_certificates_are_loaded_and_an_encrypted_key_is_refused_without_a_question(tmp_path):
    made = make_certificates(tmp_path)
    settings = {"ca": str(made.ca), "cert": str(made.bench_cert)}
    login = read(has_tls=True, key=str(made.bench_key), **settings)
    assert login.tls is not None
    assert [dict(part[0] for part in one["subject"]) for one in login.tls.get_ca_certs()] == [
        {"commonName": "test authority"}
    ]
    locked = tmp_path / "locked.key"
    words = ["pkey", "-in", made.bench_key, "-aes256", "-passout", "pass:x", "-out", locked]
    subprocess.run([need("openssl"), *words], check=True)
    with pytest.raises(PublishError, match="the key is encrypted"):
        read(has_tls=True, key=str(locked), **settings)
    with pytest.raises(PublishError, match="must be a file of certificates"):
        read(has_tls=True, ca=str(made.key))
