"""What everybody may read: published editions only."""

from consult.web.public import editions
from consult.web.public.views import public

__all__ = ["editions", "public"]
