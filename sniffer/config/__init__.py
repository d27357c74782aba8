"""Files of the user: settings, recent sources, definition files, sample captures."""
