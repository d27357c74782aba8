"""The screens and dialogs: the monitor, the source picker, columns, export, help and fault card."""
