"""Texts of serial traffic, as many programs print them."""
