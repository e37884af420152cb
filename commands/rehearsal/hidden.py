"""The secrets of a rehearsal, known here so that nothing that is shown can hold one."""

MASK = "***"


class Hidden:
    """Values that are never shown. Everything that leaves a rehearsal, be it a row or an error, passes `text` first."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def add(self, value: str) -> str:
        """Hides a value from now on, and gives it back. An empty one hides nothing."""
        if value:
            self._values.add(value)
        return value

    def text(self, shown: str) -> str:
        """The text with a mask in place of every hidden value, the longest first, since one may be part of another."""
        for value in sorted(self._values, key=len, reverse=True):
            shown = shown.replace(value, MASK)
        return shown

    def __repr__(self) -> str:
        return f"Hidden({len(self._values)} values)"
