"""What no function expects to be given."""

from __future__ import annotations

from typing import Any


class Unruly:
    """An object of which every method raises an error of its own."""

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__array__", "__array_interface__", "__dict__"):
            return object.__getattribute__(self, name)
        raise RuntimeError(name)

    def _raise(self, *_: Any) -> Any:
        raise ZeroDivisionError

    __repr__ = __str__ = __len__ = __iter__ = __float__ = __int__ = __index__ = __bool__ = _raise
    __eq__ = __lt__ = __hash__ = __getitem__ = __contains__ = _raise  # type: ignore[assignment]
