"""One line of hex text: its bytes, time and direction, whatever printed it."""
