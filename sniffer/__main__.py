"""The command `evse-sniff` as `python -m sniffer`."""

import sys

from sniffer.cli import main

sys.exit(main())
