"""`python -m sniffer`: the same as the command `evse-sniff`."""

import sys

from sniffer.cli import main

sys.exit(main())
