"""The program: reading goes on whatever the screen does, and errors are reported."""

from pathlib import Path

import pytest
from textual.binding import Binding
from textual.worker import WorkerFailed

from sniffer.base.errors import CutOffError
from sniffer.config.settings import Settings
from sniffer.core.wire.items import Chunk, TapState
from sniffer.tui.app import SnifferApp
from sniffer.tui.base_app import Preferences
from tests.tui.helpers import (
    FakeSource,
    app_for,
    parameter,
    part,
    replayed,
    running,
    screen,
    sees,
    status_report,
    until,
)

NEVER = 1e9


async def test_fault_of_the_capture_shows() -> None:
    async with replayed() as pilot:
        assert "1 FAULT" in part(pilot, "faults")
        assert "Under voltage" in part(pilot, "faults")
        assert "▲ Under voltage (M4 4)" in part(pilot, "glance")
        assert "FILE" in part(pilot, "header")
        assert "all read" in part(pilot, "header")


async def test_live_source_shows_its_rate_and_speed() -> None:
    source = FakeSource(live=True, ends=False, baud=115200)
    async with running(source) as pilot:
        source.frames(status_report("Available"))
        await sees(pilot, "glance", "Available")
        assert "ONE SIDE ONLY (pwr>com" in part(pilot, "header")
        assert "115200 baud" in part(pilot, "header")
        await sees(pilot, "link", "frames/s")


async def test_a_line_that_is_silent_is_described_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.tui.controllers.session_screen.IDLE_REFRESH", NEVER)
    async with running(FakeSource(live=True, ends=False, name="ttyUSB7")) as pilot:
        await sees(pilot, "header", "ttyUSB7")


async def test_two_taps_may_have_two_rates_of_which_one_is_not_known_yet() -> None:
    source = FakeSource(live=True, ends=False)
    source.taps = (TapState("com", 9600), TapState("pwr", 115200))
    async with running(source) as pilot:
        await sees(pilot, "header", "9600 + 115200 baud")
        source.taps = (TapState("com", 9600), TapState("pwr"))
        await sees(pilot, "header", "9600 + ? baud")


async def test_paused_screen_stands_still_while_reading_goes_on() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Available"))
        await sees(pilot, "glance", "Available")
        await pilot.press("space")
        await sees(pilot, "header", "PAUSED")
        await sees(pilot, "detail", "status report")
        await pilot.pause(0.6)
        still = {name: part(pilot, name) for name in ("glance", "detail", "connector", "faults", "link")}
        source.frames(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4), parameter(7))
        await sees(pilot, "header", "+2 new")
        assert "PAUSED, 2 new" in part(pilot, "traffic")
        assert {name: part(pilot, name) for name in still} == still
        await pilot.press("space")
        await sees(pilot, "faults", "1 FAULT")
        assert "PAUSED" not in screen(pilot)
        assert "3 records" in part(pilot, "header")
        assert "fault raised" in part(pilot, "traffic")


async def test_catching_up_needs_no_beat() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        await pilot.press("space")
        source.frames(parameter(1), parameter(2))
        await sees(pilot, "header", "+2 new")
        await pilot.press("space")
        await pilot.pause()
        assert "2 records" in part(pilot, "header")


async def test_lost_source_is_reported_and_the_screen_stays() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Charging", volts=6))
        source.fail("adapter [red]gone[/] \x1b]0;x\x07: plug it in")
        await sees(pilot, "header", "SOURCE LOST")
        await sees(pilot, "lost", r"✕ source lost: adapter [red]gone[/] \x1b]0;x\x07: plug it in")
        assert "Charging" in part(pilot, "glance")
        assert "✕ source lost: adapter" in part(pilot, "traffic")
        await pilot.press("g", "j")
        assert pilot.app.is_running


async def test_lost_source_is_reported_while_paused() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        await pilot.press("space")
        source.fail("gone")
        await until(pilot, lambda: "source lost: gone" in screen(pilot))
        assert "PAUSED" in part(pilot, "header")


async def test_live_source_that_ends_is_reported() -> None:
    async with running(FakeSource(Chunk(parameter(1), 1), live=True)) as pilot:
        await sees(pilot, "header", "ENDED")
        assert "1 record" in part(pilot, "header")


async def test_any_other_error_ends_the_program_loudly() -> None:
    source = FakeSource(ends=False)
    source.fail(ValueError("not a source's business"))

    async def run() -> None:
        async with running(source) as pilot:
            await until(pilot, lambda: not pilot.app.is_running)

    with pytest.raises(WorkerFailed, match="not a source's business"):
        await run()


async def test_quitting_ends_the_reading() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        await pilot.press("q")
        await until(pilot, lambda: not pilot.app.is_running)
    assert all(worker.is_finished for worker in pilot.app.workers)


async def test_interrupt_quits() -> None:
    async with running(FakeSource(live=True, ends=False)) as pilot:
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not pilot.app.is_running)
        assert pilot.app.return_code == 0


async def test_list_holds_the_whole_session() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(*(parameter(sequence & 0xFFFF) for sequence in range(5000)))
        await sees(pilot, "header", "5,000 records")
        await pilot.press("g")
        await until(pilot, lambda: part(pilot, "traffic").splitlines()[1].split()[:2] == ["▌", "1"])
        await pilot.press("k")
        assert part(pilot, "traffic").splitlines()[1].split()[:2] == ["▌", "1"]
        assert "55,000  read" in part(pilot, "link")


async def test_flood_is_shown_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.tui.state.refresh_scheduler.FLOOD_INTERVAL", NEVER)
    monkeypatch.setattr("sniffer.tui.controllers.session_screen.IDLE_REFRESH", NEVER)
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(*(parameter(sequence) for sequence in range(100)))
        await sees(pilot, "header", "100 records")


async def test_time_and_columns_are_kept() -> None:
    kept: list[Settings] = []

    def keep(settings: Settings) -> str:
        kept.append(settings)
        return ""

    source = FakeSource(Chunk(status_report("Available"), 0))
    app = app_for(source, preferences=Preferences(Settings(time_mode="relative"), keep))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "traffic", "+0:00:00.000")
        await pilot.press("t", "t")
        await sees(pilot, "traffic", "00:00:00.000")
        await pilot.press("v", "space", "escape")
        await until(pilot, lambda: kept[-1].columns is not None)
        assert [settings.time_mode for settings in kept] == ["delta", "absolute", "absolute"]
        assert kept[-1].columns == ("time", "delta", "route", "sequence", "name")
        assert part(pilot, "traffic").splitlines()[1].split()[0] == "00:00:00.000"
        await pilot.press("v", "space", "j", "k", "escape")
        await until(pilot, lambda: kept[-1].columns is None)


async def test_filters_are_kept_and_offered_again() -> None:
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return "the folder cannot be written"

    source = FakeSource(Chunk(status_report("Available"), 0))
    app = app_for(source, preferences=Preferences(filters=("noise", "frame"), save_filter=keep))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await sees(pilot, "header", "1 record")
        await pilot.press("f", "up", "up", "enter")
        await sees(pilot, "traffic", "filter: frame: 1 found")
        assert kept == ["frame"]
        await until(pilot, lambda: "the folder cannot be written" in screen(pilot))


async def test_newest_catches_up_a_paused_screen() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Available"))
        await sees(pilot, "glance", "Available")
        await pilot.press("space")
        await sees(pilot, "header", "PAUSED")
        source.frames(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4))
        await sees(pilot, "header", "+1 new")
        await pilot.press("a")
        await sees(pilot, "traffic", "no fault after")
        await pilot.press("G")
        await sees(pilot, "faults", "1 FAULT")
        assert "PAUSED" not in screen(pilot)


def test_quitting_and_pictures_have_keys_everywhere_that_the_key_bar_does_not_show() -> None:
    bindings = [binding for binding in SnifferApp.BINDINGS if isinstance(binding, Binding)]
    assert [binding.key for binding in bindings] == ["ctrl+q,ctrl+c", "ctrl+s"]
    assert all(binding.priority and not binding.show and binding.tooltip for binding in bindings)


async def test_the_theme_is_kept_and_the_list_takes_its_colours() -> None:
    kept: list[Settings] = []

    def keep(settings: Settings) -> str:
        kept.append(settings)
        return ""

    app = app_for(FakeSource(Chunk(status_report("Available"), 0)), preferences=Preferences(save=keep))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "header", "1 record")
        before = app.monitor.traffic.get_component_rich_style("traffic--quiet", partial=True)
        app.theme = "evse-day"
        await pilot.pause()
        assert [settings.theme for settings in kept] == ["evse-day"]
        assert app.monitor.traffic.get_component_rich_style("traffic--quiet", partial=True) != before


@pytest.mark.parametrize(("is_live", "waits"), [(True, []), (False, ["waited"])])
async def test_a_file_waits_for_the_first_screen_and_a_live_line_does_not(
    is_live: bool, waits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []

    async def wait(app: SnifferApp) -> None:
        waited.append("waited")

    monkeypatch.setattr(SnifferApp, "_wait_for_first_screen", wait)
    async with running(FakeSource(Chunk(parameter(1), 1), live=is_live)) as pilot:
        await sees(pilot, "header", "1 record")
    assert waited == waits


async def test_a_file_that_was_cut_off_is_shown_with_a_warning() -> None:
    source = FakeSource(Chunk(parameter(1), 1), ends=False)
    async with running(source) as pilot:
        await sees(pilot, "header", "1 record")
        source.fail(CutOffError("a.pcapng: cut off"))
        await until(pilot, lambda: "a.pcapng: cut off" in screen(pilot))
        assert "SOURCE LOST" not in screen(pilot)
        assert "all read" in part(pilot, "header")


async def test_two_pictures_of_one_second_have_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sniffer.tui.app.name_file_by_time", lambda ending: f"now{ending}")
    async with replayed() as pilot:
        await pilot.press("ctrl+s", "ctrl+s")
        await until(pilot, lambda: len(list(tmp_path.glob("*.svg"))) == 2)
        assert {picture.name for picture in tmp_path.iterdir()} == {"now.svg", "now-2.svg"}
        assert all("Under voltage" in picture.read_text().replace("&#160;", " ") for picture in tmp_path.iterdir())


async def test_a_picture_that_cannot_be_saved_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sniffer.tui.app.name_file_by_time", lambda ending: f"[b]gone/now{ending}")
    async with replayed() as pilot:
        await pilot.press("ctrl+s")
        app = pilot.app
        await until(pilot, lambda: any("[b]gone" in notice.message for notice in app._notifications))
        (notice,) = app._notifications
        assert (notice.severity, notice.markup) == ("error", False)
