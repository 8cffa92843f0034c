"""Tokens by which a program reads what is not published yet."""
