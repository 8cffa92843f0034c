"""A definition just large enough: two meetings, two questions."""

SMALL = """\
slug = "marching-orders"
title = "Marching orders"
language = "en"
languages = ["en", "pl"]

[ground_rules]
mode = "confidential"
ceiling = "quote_unattributed"
promise = { en = "What you say may be used." }
rules = { en = "Nobody is named." }

[country_groups]
"Baltic states" = ["EE", "LV"]

[[programme_directors]]
name = "Director"
email = "Director@example.org"

[[meetings]]
slug = "winter"
title = "Winter meeting"
starts = "2018-02"
time_zone = "Europe/Warsaw"
outcomes = ["First.", "Second."]
[[meetings.links]]
kind = "report"
title = "Report"
to_be_published = true

[[meetings]]
slug = "spring"
title = "Spring meeting"
starts = "2018-03-12"
ends = "2018-03-14"
[[meetings.sessions]]
title = "Opening"

[[questions]]
code = "what-matters"
max_length = 1000
[[questions.wordings]]
version = 1
prompt = { en = "What matters most?", pl = "Co jest najważniejsze?" }

[[questions]]
code = "what-next"
[[questions.wordings]]
version = 1
prompt = { en = "What comes next?" }

[[askings]]
question = "what-matters"
meeting = "winter"

[[askings]]
question = "what-next"
meeting = "winter"

[[askings]]
question = "what-matters"
meeting = "spring"

[[takeaways]]
text = "March together."
themes = ["unity"]

[[themes]]
code = "detail"
title = "A detail of unity"
parent = "unity"

[[themes]]
code = "unity"
title = "Unity"
"""


def line_of(text: str, words: str) -> int:
    """The line on which these words first stand."""
    return text[: text.index(words)].count("\n") + 1
