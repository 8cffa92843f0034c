"""Answering with a response code: exchanged for an invitation, fetched at a meeting, or on a tablet handed round."""
