"""The work of the commands of the command line, one package or module for each."""
