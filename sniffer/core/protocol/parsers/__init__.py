"""The parsers of definition files: tables of TOML in, commands, lines, fields and layouts out."""
