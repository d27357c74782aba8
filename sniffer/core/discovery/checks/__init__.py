"""Find the check of frames: by trying those that are known, and by solving for the parameters of a CRC."""
