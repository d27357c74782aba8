"""File formats: one module or package each, with reader and writer side by side. They do no I/O."""
