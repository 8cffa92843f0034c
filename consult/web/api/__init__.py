"""What programs may read: published editions and what stands in them, as JSON. Nothing here writes."""

from consult.web.api import views
from consult.web.api.problems import api

__all__ = ["api", "views"]
