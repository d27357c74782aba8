"""Find frames that end where certain bytes stand."""
