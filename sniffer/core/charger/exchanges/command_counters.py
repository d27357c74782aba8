"""The counters of all commands of a session, with those of the two sides of a link joined.

In: the first message of each command. Out: its counter. At most `COMMANDS_KEPT` commands are counted separately.
"""

from collections.abc import Collection, Mapping, Sequence

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.exchanges.answer_pairing import find_paired, is_opposite
from sniffer.core.charger.exchanges.command_stats import CommandCounter
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.message import Message
from sniffer.core.wire.link import Route

COMMANDS_KEPT = 512
"""The highest number of commands that are counted separately. All others share one counter for each route."""

SENT_UNTIL_ACCEPTED = ("boot", "handshake")
"""The roles of the messages that are sent again, with another sequence, until the charger is accepted."""


@mypyc_attr(allow_interpreted_subclasses=True)
class CommandCounters:
    """The counters of the commands of one session. `routes` are all that its links have."""

    def __init__(self, definition: Definition) -> None:
        self.routes = definition.links.all_routes
        answers = [command for command in definition.commands if command.answers]
        self._answers = {(command.route, code) for command in answers for code in command.request_codes}
        self._commands: dict[tuple[Route, int], list[Command]] = {}
        for command in definition.commands:
            self._commands.setdefault((command.route, command.code), []).append(command)
        self._counters: dict[tuple[Route, bytes], CommandCounter] = {}
        self._of_routes: dict[Route, list[CommandCounter]] = {}

    @property
    def all(self) -> Collection[CommandCounter]:
        """The counters of all commands, in the order in which they were received first."""
        return self._counters.values()

    @property
    def of_routes(self) -> Mapping[Route, Sequence[CommandCounter]]:
        """The counters of each route that frames were received of."""
        return self._of_routes

    def has_opposite(self, route: Route) -> bool:
        """Return True if frames of the other direction of this link were received."""
        return any(is_opposite(other, route) for other in self._of_routes)

    def counter_of(self, message: Message) -> CommandCounter:
        """Return the counter of a message's command."""
        frame, command = message.frame, message.command
        route = frame.route if command is None else command.route
        start, end = route.command_place
        code = frame.raw[start:end] if route.link.delimiter is None else frame.content[start:end]
        counter = self._counters.get((route, code)) or self._create_counter(route, code, message)
        if command:
            counter.add_name(command)
        return counter

    def _create_counter(self, route: Route, code: bytes, message: Message) -> CommandCounter:
        """Return a new counter for a command in one direction, joined with that of the other direction if there is one.

        If too many commands are counted already, the counter that the route's other commands share is returned.
        """
        if len(self._counters) >= COMMANDS_KEPT:
            return self._counters.get((route, b"")) or self._keep_counter(b"", CommandCounter(route, None))
        number = message.frame.command
        commands = self._commands.get((route, number), ())
        counter = CommandCounter(route, message, commands)
        counter.is_optional = any(command.role in SENT_UNTIL_ACCEPTED for command in commands)
        for other_route in self.routes:
            if is_opposite(other_route, route) and route.direction:
                has_answer = (other_route, number) in self._answers
                if has_answer or counter.is_answer:
                    counter.paired_sequences = find_paired(commands, counter)
                counter.expects_answer |= has_answer and not counter.is_optional
        for (other_route, other_code), other in self._counters.items():
            if is_opposite(other_route, route) and route.direction:
                if other_code in counter.request_codes and not other.is_answer:
                    counter.requesters += (other,)
                if code in other.request_codes and not counter.is_answer:
                    other.requesters += (counter,)
        return self._keep_counter(code, counter)

    def _keep_counter(self, code: bytes, counter: CommandCounter) -> CommandCounter:
        """Keep a new counter for the commands of this code, and return it."""
        self._counters[counter.route, code] = counter
        self._of_routes.setdefault(counter.route, []).append(counter)
        return counter
