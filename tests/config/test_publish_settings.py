"""The table `[publish]`: valid values are taken, and each wrong one is named with what to write."""

from sniffer.config.publish_settings import PublishSettings, parse_publish_table
from sniffer.config.settings import Settings, SettingsFile


def test_valid_values_are_taken():
    table = {"to": "mqtts://b/x", "bench": "b1", "frames": True, "home_assistant": True, "without_tls": False}
    assert parse_publish_table(table) == (
        PublishSettings(to="mqtts://b/x", bench="b1", frames=True, home_assistant="homeassistant"),
        [],
    )
    assert parse_publish_table({"home_assistant": "ha"})[0].home_assistant == "ha"
    assert parse_publish_table({"home_assistant": False})[0].home_assistant == ""
    assert parse_publish_table({}) == (PublishSettings(), [])


def test_wrong_ones_are_named_and_the_others_hold():
    found, wrong = parse_publish_table({"to": 3, "frames": "yes", "user": "me", "pasword": "x", "other": 1})
    assert found == PublishSettings(user="me")
    assert wrong == [
        "publish: to must be a text",
        "publish: frames must be true or false",
        "publish: pasword is no setting: did you mean password?",
    ]


def test_the_table_is_read_with_the_settings_and_stays_in_the_file(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[publish]\nto = "mqtts://b/x" # ours\nframes = 1\n')
    file = SettingsFile(path)
    assert file.settings == Settings(publish=PublishSettings(to="mqtts://b/x"))
    assert file.complaint == f"settings: {path}: publish: frames must be true or false"
    assert file.save(Settings(theme="evse-day", publish=file.settings.publish)) == ""
    assert '[publish]\nto = "mqtts://b/x" # ours\nframes = 1\n' in path.read_text()
    assert SettingsFile(path).settings.theme == "evse-day"
    path.write_text("publish = 3")
    assert "publish must be a table, such as" in SettingsFile(path).complaint
