"""What every noun stands on, and no noun of the product: database, errors, clock, text, sealing, outbox, mail."""
