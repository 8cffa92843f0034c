"""The queue: one answer after another is read and decided on, or many at once."""

from consult.web.desk.queue import beside, bulk, deciding

PAGES = (
    beside,
    bulk,
    deciding,
)

__all__ = ["PAGES"]
