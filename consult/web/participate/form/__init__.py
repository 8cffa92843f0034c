"""The form: filled, walked, warned about, kept until it is sent, and tried before anybody is asked."""
