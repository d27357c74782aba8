"""Tables of bytes, as logic analysers, loggers and spreadsheets export them."""
