"""File formats: one module or package each, reader beside writer. They take and return bytes, and do no I/O."""
