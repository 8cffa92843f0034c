"""From how many on a search is carried out another way. Measured with benchmarks/moderation.py; tests set their own."""

SAMPLE, COMMON, OFTEN, SELDOM = 200, 0.2, 0.01, 0.005
"""So many answers are asked; a word in a fifth of them is too common for the index to be of use to a page. What every
hundredth says is counted by whole words first. Where fewer than the last share say it, its hits are looked at one by
one as long as there are no more than RARE."""
RARE, MANY = 1000, 10_000
"""So few hits are kept in the hand; so many that whole words may suffice to count."""
SPELT_OUT = 12
"""A beginning of no more than so many words is sought as these on SQLite, which would collect all that begins so."""
SLICES_AT_ONCE = (2, 16)
"""So many of PostgreSQL's slices are asked for a page: first few, then more, then everything."""
READ_TO_COUNT = 8000
"""Among so many of a state PostgreSQL looks for a thousand that say a common word, before it asks its index."""
ALONG_AT_ONCE = (400, 4000)
"""Among so many revisions PostgreSQL is asked for a page of a common word: it would sort them all otherwise."""
