"""What a participant has afterwards: the receipt, the answers as they stand, and what can be taken away."""
