"""How texts print bytes otherwise than as two hexadecimal digits each."""
