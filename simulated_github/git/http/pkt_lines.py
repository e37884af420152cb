"""Pkt-lines, the frames of the git protocol. Source: git's documentation, "gitprotocol-common"."""

from collections.abc import Iterable

FLUSH = b"0000"
_MAXIMUM_LINE = 65520  # bytes, with the four digits of the length
_MAXIMUM_PACKET = 65515  # bytes of data in a side-band packet


class ProtocolError(Exception):
    """A request that violates the git protocol."""


def line(text: bytes | str) -> bytes:
    """Return a line with its length in front."""
    data = text.encode() if isinstance(text, str) else text
    return b"%04x" % (len(data) + 4) + data


def band(number: int, data: bytes) -> bytes:
    """Return data on a side-band: 1 is the response, 2 is printed after `remote:`."""
    parts = (
        data[start : start + _MAXIMUM_PACKET] for start in range(0, len(data), _MAXIMUM_PACKET)
    )
    return b"".join(line(bytes([number]) + part) for part in parts)


class Reader:
    """A reader of the lines of a request; it raises ProtocolError for a malformed one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    @property
    def remainder(self) -> bytes:
        """The data after the lines that were read."""
        return self._data[self._position :]

    @property
    def is_done(self) -> bool:
        """Whether all data was read."""
        return self._position >= len(self._data)

    def next(self) -> bytes | None:
        """Return the next line without its line break, or None for a flush."""
        digits = self._data[self._position : self._position + 4]
        try:
            length = int(digits, 16) if len(digits) == 4 and digits.isalnum() else -1
        except ValueError:
            length = -1
        if length == 0:
            self._position += 4
            return None
        if not 4 <= length <= _MAXIMUM_LINE or self._position + length > len(self._data):
            raise ProtocolError(f"a malformed pkt-line at byte {self._position}")
        text = self._data[self._position + 4 : self._position + length]
        self._position += length
        return text.removesuffix(b"\n")

    def until_flush(self) -> Iterable[bytes]:
        """Yield the lines before the next flush, or all remaining ones."""
        while not self.is_done and (text := self.next()) is not None:
            yield text


def capabilities(first: bytes) -> tuple[bytes, frozenset[bytes]]:
    """Split a first line into its text and the client's capabilities."""
    text, _, names = first.partition(b"\0")
    return text, frozenset(names.split())
