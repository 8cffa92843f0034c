"""numpy and scipy, loaded when the first table asks for them: they weigh 60 MB, and an import of answers asks nothing.

Without the extra `analysis` there are none, and CAN_SOLVE says so.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

CAN_SOLVE = find_spec("scipy") is not None and find_spec("numpy") is not None


class _Later:
    """A module that is imported with the first name taken from it."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._module), name)


np, optimize, sparse = _Later("numpy"), _Later("scipy.optimize"), _Later("scipy.sparse")
