"""The port as a real kernel has it: a guest of QEMU with Debian's kernel, its drivers and its udevd.

Run by `pytest -m kernel`, as root on Debian. The image is built once and kept in the user's cache folder.
"""
