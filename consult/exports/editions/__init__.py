"""An edition in every format. All of it is pure: the same document gives the same file."""
