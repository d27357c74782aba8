"""A charger without hardware: its communication processor and power board, talking on one wire as the real ones do."""
