"""The phases of the mains, by which names of fields begin: `l1_voltage`."""

from typing import Literal

PhaseName = Literal["l1", "l2", "l3"]
PHASES: tuple[PhaseName, ...] = ("l1", "l2", "l3")
