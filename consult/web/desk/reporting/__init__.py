"""The report: what would be frozen now, its editions, files and data, and what programs may read."""

from consult.web.desk.reporting import editions, exports, exports_qda, report, tokens

PAGES = (
    editions,
    exports,
    exports_qda,
    report,
    tokens,
)

__all__ = ["PAGES"]
