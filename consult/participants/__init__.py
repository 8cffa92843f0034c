"""The people who were invited, and their invitations. Nothing here leads to what somebody answered."""
