"""Which cells of a table may be seen: what rows and columns stand for, and the arithmetic of what they give away."""
