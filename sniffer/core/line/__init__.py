"""The serial line below the frames: finding the baud rate, and signs of wrong wiring."""
