"""The roster as directors keep it: one person at a time, from a file, and out again."""
