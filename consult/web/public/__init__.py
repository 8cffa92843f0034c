"""What everybody may read: published editions only."""

from consult.web.public import editions, health
from consult.web.public.views import public

__all__ = ["editions", "health", "public"]
