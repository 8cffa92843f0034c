"""Mail: rows that say what is to be sent, and the ways it leaves. What a message says is not known here."""
