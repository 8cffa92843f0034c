"""A consultation, its ground rules in versions, its questions and their wordings, opening and closing."""
