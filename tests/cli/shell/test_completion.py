"""`evse-sniff completion` as a command."""

import pytest

from sniffer.cli.main import main


@pytest.mark.parametrize(("shell", "mark"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete -c")])
def test_the_script_of_a_shell_is_printed(shell: str, mark: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert mark in capsys.readouterr().out


def test_another_shell_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["completion", "bsh"])
    assert "there is no bsh: did you mean" in capsys.readouterr().err
