"""What deserves a second look, found in the words alone: no database, no clock, no model of a language."""
