"""The published view as data, one module a format: rows that passed the gate go in, a file comes out."""
