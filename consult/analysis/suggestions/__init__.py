"""Themes suggested by a machine. A suggestion is never counted: a person confirms it, or it comes to nothing."""
