"""Preparing a consultation at the desk: making one, what is still missing, trying it out."""
