"""What the commands of the command line do, one package or module for each."""
