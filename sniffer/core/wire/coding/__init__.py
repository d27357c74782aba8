"""How the content of a frame is sent: between delimiters, escaped, stuffed, as digits, or with a number added."""
