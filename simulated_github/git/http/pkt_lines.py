"""Pkt-lines: how the git protocol frames what it sends. Source: git's documentation, "gitprotocol-common"."""

from collections.abc import Iterable

FLUSH = b"0000"
_LONGEST = 65520  # bytes of a whole line
_BAND = 65515  # bytes of one side-band packet, without its four digits and its band


class ProtocolError(Exception):
    """What was sent is not the git protocol."""


def line(text: bytes | str) -> bytes:
    """One line, with its length before it."""
    data = text.encode() if isinstance(text, str) else text
    return b"%04x" % (len(data) + 4) + data


def band(number: int, data: bytes) -> bytes:
    """Data on a side-band: 1 is the answer, 2 what the client prints after ``remote:``."""
    parts = (data[at : at + _BAND] for at in range(0, len(data), _BAND))
    return b"".join(line(bytes([number]) + part) for part in parts)


class Reader:
    """Reads lines from what a client sent, one after another; ProtocolError where they are malformed."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def rest(self) -> bytes:
        """What comes after the lines that were read."""
        return self._data[self._at :]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._data)

    def next(self) -> bytes | None:
        """The next line without its line break; None for a flush."""
        digits = self._data[self._at : self._at + 4]
        try:
            length = int(digits, 16) if len(digits) == 4 and digits.isalnum() else -1
        except ValueError:
            length = -1
        if length == 0:
            self._at += 4
            return None
        if not 4 <= length <= _LONGEST or self._at + length > len(self._data):
            raise ProtocolError(f"a malformed pkt-line at byte {self._at}")
        found = self._data[self._at + 4 : self._at + length]
        self._at += length
        return found.removesuffix(b"\n")

    def until_flush(self) -> Iterable[bytes]:
        """The lines before the next flush, or to the end."""
        while not self.is_done and (found := self.next()) is not None:
            yield found


def capabilities(first: bytes) -> tuple[bytes, frozenset[bytes]]:
    """A first line without what a client says it can do, and that."""
    text, _, listed = first.partition(b"\0")
    return text, frozenset(listed.split())
