"""Serial ports: finding, opening for reading only, and reading them."""
