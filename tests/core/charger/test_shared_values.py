"""Copies of a charger share its definition and its routes."""

from copy import deepcopy

from sniffer.core.charger.shared_values import find_shared_values
from sniffer.core.wire.links import ROUTES
from tests.core.protocol.helpers import DEFINITION


def test_a_copy_shares_the_definition_and_the_routes() -> None:
    commands = list(DEFINITION.commands)
    copied = deepcopy([DEFINITION, *commands, *ROUTES], find_shared_values(DEFINITION))
    assert all(one is other for one, other in zip(copied, [DEFINITION, *commands, *ROUTES], strict=True))
