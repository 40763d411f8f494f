"""Relapsed and refractory childhood cancer: cited answers from audited evidence.

>>> import secondline
>>> desk = secondline.open()
>>> answer = desk.ask("Is VIT better than VI in relapsed rhabdomyosarcoma?")
>>> answer.abstained
False
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secondline.desk import Answer, Assessment, Desk, open  # noqa: A004

__all__ = ["Answer", "Assessment", "Desk", "open"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the desk when it is first used: `import secondline` alone costs nothing."""
    if name in __all__:
        from secondline import desk  # noqa: PLC0415

        return getattr(desk, name)
    raise AttributeError(f"module 'secondline' has no attribute {name!r}")
