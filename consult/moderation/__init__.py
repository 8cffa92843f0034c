"""Deciding on answers as they were read. What is approved is published, and leaves with its approval."""
