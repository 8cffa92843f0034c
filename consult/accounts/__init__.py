"""Staff of the convenor, how they sign in, and their roles. Participants have no account."""
