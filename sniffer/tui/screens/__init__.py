"""The screens and dialogs: monitor, picker, help, export, fault card."""
