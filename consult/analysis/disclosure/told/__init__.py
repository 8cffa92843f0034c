"""What publications told before, and what a later one may tell beside it."""
