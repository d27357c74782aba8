"""`TYPE_CHECKING` for modules that run at every start: a type checker takes it as True, as that of `typing`.

The import of `typing` takes an eighth of the time of `--help`.
"""

TYPE_CHECKING = False
"""True for a type checker, False when the program runs."""
