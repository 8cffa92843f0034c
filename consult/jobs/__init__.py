"""The worker's tasks. A job carries identifiers, never words, and may run twice without harm."""
