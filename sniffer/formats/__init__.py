"""File formats, one in each module, reader beside writer; no I/O of their own."""
