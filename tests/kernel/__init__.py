"""The port as a real kernel has it: a guest of QEMU with Debian's kernel, its drivers and its udevd.

Run by `pytest -m kernel`, as root on Debian. The image is built once and kept in the user's cache folder.

QEMU has an FTDI adapter and real 8250 ports. A program in the guest stands for adapters of other makes, and for line
errors (USB/IP). Under emulation, importing the package takes five seconds, so `evse-sniff` runs in a process that has
imported it already, except where its system calls are traced and on the console.
"""
