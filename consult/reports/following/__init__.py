"""What was done with what people said: we asked, you said, we did."""
