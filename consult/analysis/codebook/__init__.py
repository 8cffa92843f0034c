"""Keeping a codebook: its words and tree, its versions, what was merged into what, and its files."""
