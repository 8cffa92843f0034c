"""REFI-QDA 1.0, the exchange format of programs for qualitative analysis: codebooks (.qdc) and projects (.qdpx)."""
