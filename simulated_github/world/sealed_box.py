"""Key pairs to encrypt and decrypt secrets.

Source: GitHub's docs, "Encrypting secrets for the REST API" (libsodium sealed boxes). A key is
derived from a seed and its place, so that a world has the same keys at every start.
"""

import base64
import binascii
import hashlib
from functools import cached_property

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from simulated_github.errors import ValidationFailed

_SEED = "a simulated world's keys protect nothing"


class KeyPair:
    """The key pair of a place, such as `repository/240000001`."""

    def __init__(self, place: str) -> None:
        self._digest = hashlib.blake2b(f"{_SEED}/{place}".encode(), digest_size=32).digest()

    @cached_property
    def _private(self) -> PrivateKey:
        return PrivateKey(self._digest)

    @property
    def key_id(self) -> str:
        """The key's id, eighteen digits as text."""
        return str(10**17 + int.from_bytes(self._digest[:7], "big") % (9 * 10**17))

    @cached_property
    def public_key(self) -> str:
        """The public key in base64, as in the API's responses."""
        return base64.b64encode(bytes(self._private.public_key)).decode()

    def open(self, encrypted: str, key_id: str) -> str:
        """Return the value of a sealed box.

        Raise ValidationFailed for another key's id, or when decryption fails.
        """
        if key_id != self.key_id:
            raise ValidationFailed("Invalid key_id. Please fetch the public key again.")
        try:
            box = base64.b64decode(encrypted, validate=True)
            return SealedBox(self._private).decrypt(box).decode()
        except (CryptoError, binascii.Error, ValueError, TypeError):
            raise ValidationFailed(
                "Bad request - encrypted_value is not a sealed box for this key."
            ) from None
