"""Composing, approving and freezing editions out of the published view. A frozen edition never changes."""
