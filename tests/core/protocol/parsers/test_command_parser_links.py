"""Commands of several links: one of each, and what is refused."""

from tests.core.protocol.parsers.helpers import COMMAND, parse, refuse

OSDP = """
[[link]]
name = "osdp"
heads = { "acu>pd" = "53", "pd>acu" = "53" }
length = { at = 2, size = 2, order = "little", least = 8 }
command = { at = 5 }
payload = 6
check = { name = "CRC-16/SPI-FUJITSU", order = "little" }

[[link]]
name = "osdp-sum"
heads = { "acu>pd" = "53", "pd>acu" = "53" }
length = { at = 2, size = 2, order = "little", least = 7 }
command = { at = 5 }
payload = 6
check = { name = "sum negated" }
"""


def test_a_command_of_several_links_is_one_of_each() -> None:
    text = COMMAND.replace('"pwrboard"', '["osdp", "osdp-sum"]').replace("com>pwr", "acu>pd")
    found = parse(f"{OSDP}{text}").commands
    assert [(one.route.link.name, one.code, one.name) for one in found] == [
        ("osdp", 0x77, "mine"),
        ("osdp-sum", 0x77, "mine"),
    ]
    assert found[0].fields == found[1].fields
    for words, allowed in (
        ("[]", "a list of at least one link, or one alone"),
        ('["osdp", "x"]', "a list of different ones of pwrboard, dbus, osdp, osdp-sum"),
        ('["osdp", "osdp"]', "a list of different ones of pwrboard"),
    ):
        refused = refuse(OSDP + COMMAND.replace('"pwrboard"', words))
        assert refused.startswith("my.toml: command 1 (mine): link = [")
        assert f": must be {allowed}" in refused
    other = COMMAND.replace('"pwrboard"', '["osdp", "dbus"]').replace("com>pwr", "acu>pd")
    assert "direction = 'acu>pd': must be one of ocpp>com" in refuse(OSDP + other)


def test_the_same_command_twice_for_one_of_its_links_is_refused() -> None:
    both = COMMAND.replace('"pwrboard"', '["osdp", "osdp-sum"]').replace("com>pwr", "acu>pd")
    again = COMMAND.replace("pwrboard", "osdp-sum").replace("com>pwr", "acu>pd")
    assert "command 2 (mine): has the same direction, code and size as" in refuse(f"{OSDP}{both}{again}")
