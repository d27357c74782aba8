"""The measurements, one module each: `measure` returns the figures of one."""
