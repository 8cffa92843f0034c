"""What everybody may read: published editions only."""

from consult.web.public import documents, editions, embargoed, health
from consult.web.public.views import public

__all__ = ["documents", "editions", "embargoed", "health", "public"]
