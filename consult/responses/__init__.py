"""What participants submitted: answers, the revisions of their words, and the states they pass through."""
