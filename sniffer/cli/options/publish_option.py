"""Publishing beside `record` and the screen: what `[publish]` of the settings asks for, unless `--no-publish` is given.

A session is never given up because it cannot be published: one line says why, and it is read and recorded.
"""

import argparse
from collections.abc import Callable, Sequence

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.output import print_escaped, print_prefixed

if TYPE_CHECKING:
    from sniffer.config.publish_settings import PublishSettings
    from sniffer.core.protocol.definition import Definition
    from sniffer.fleet.mqtt.live_publishing import LivePublishing


def add_no_publish(parser: argparse.ArgumentParser) -> None:
    """Add `--no-publish`."""
    parser.add_argument(
        "--no-publish",
        action="store_true",
        help="do not publish the session, even if `[publish]` of the settings says so",
    )


def build_publishing(
    settings: "PublishSettings",
    definition: "Definition",
    *,
    is_recorded: bool,
    complain: Callable[[str], None] = print_prefixed,
    report: Callable[[str], object] = print_prefixed,
) -> "list[LivePublishing]":
    """Return the observer that publishes a live session; none if the settings name no broker, or if it cannot.

    `is_recorded` is False if the recording does not hold the whole session, which is the outbox. `complain` is called
    at once with the reason why nothing is published, `report` later with lines for people, in another thread.
    """
    if not settings.to:
        return []
    if not is_recorded:
        complain("not published: only a session that is recorded as a whole can be")
        return []
    from sniffer.base.errors import PublishError
    from sniffer.fleet.mqtt.live_publishing import LivePublishing
    from sniffer.fleet.mqtt.publish_target import prepare_target

    try:
        return [LivePublishing(prepare_target(settings), definition, report)]
    except PublishError as error:
        complain(f"not published: {error}")
        return []


def print_published(publishing: "Sequence[LivePublishing]", *, is_quiet: bool) -> None:
    """Print what was published, at the end of a session. With `is_quiet`, only that something was not."""
    for one in publishing:
        if not one.state.is_done:
            print_prefixed(one.summary)
        elif not is_quiet:
            print_escaped(one.summary)
