"""Taking in what was gathered elsewhere: answers, when they were given, codings; and the file while it is looked at."""
