"""What the mail of a consultation says, to whom it goes, and why it sometimes should not."""
