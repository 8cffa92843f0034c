"""Pages of a development machine alone."""

from consult.web.development.views import development

__all__ = ["development"]
