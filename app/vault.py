"""What only the key of this installation opens: sealed originals, and keyed hashes of what was erased.

The key lies apart from the database: in `VERBATIM_PRIVACY_KEY`, or in a file of the data directory that only its owner
may read. No backup holds it.
"""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import InvalidInputError, UnavailableError
from app.settings import Settings

KEY_BYTES = 32
KEY_FILE = "privacy.key"

_MAGIC = b"vbs1"
_ID_BYTES = 8
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Vault:
    """One key, from which the keys to seal (AES-256-GCM) and to hash with (HMAC-SHA-256) are derived."""

    key_id: str
    _sealing: AESGCM = field(repr=False)
    _hashing: bytes = field(repr=False)

    def seal(self, content: bytes, place: str) -> bytes:
        """Encrypt something for one place, where alone it can be opened again."""
        nonce = os.urandom(_NONCE_BYTES)
        header = _MAGIC + bytes.fromhex(self.key_id)
        return header + nonce + self._sealing.encrypt(nonce, content, header + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for a place; what was never sealed is given as it is.

        Raises:
            UnavailableError: it was sealed with another key, for another place, or was changed.
        """
        if not sealed.startswith(_MAGIC):
            return sealed
        header, rest = sealed[: len(_MAGIC) + _ID_BYTES], sealed[len(_MAGIC) + _ID_BYTES :]
        if header[len(_MAGIC) :].hex() != self.key_id:
            raise UnavailableError(
                "this was sealed with another key: put the privacy.key of the installation that sealed it into the "
                "data directory, or into VERBATIM_PRIVACY_KEY"
            )
        try:
            return self._sealing.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + place.encode())
        except InvalidTag as error:
            raise UnavailableError("what was sealed here has been changed, and cannot be opened") from error

    def keyed_hash(self, *parts: str) -> str:
        """A hash (64 hexadecimal digits) of parts, which nobody can make, or guess at, without the key."""
        content = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.new(self._hashing, content, hashlib.sha256).hexdigest()


def open_vault(settings: Settings) -> Vault:
    """Open the vault with the key that is set, else with the file of the data directory, which is made once.

    Raises:
        InvalidInputError: the key is none.
        UnavailableError: the file cannot be read or made.
    """
    if settings.privacy_key is not None:
        return _vault_of(_key_in(settings.privacy_key.get_secret_value(), "VERBATIM_PRIVACY_KEY"))
    return _vault_of(_key_of_file(settings.data_dir.absolute() / KEY_FILE))


@cache
def _vault_of(key: bytes) -> Vault:
    def derived(purpose: bytes) -> bytes:
        return hmac.new(key, purpose, hashlib.sha256).digest()

    return Vault(
        derived(b"verbatim id")[:_ID_BYTES].hex(), AESGCM(derived(b"verbatim seal")), derived(b"verbatim hash")
    )


def _key_of_file(path: Path) -> bytes:
    try:
        if not path.exists():
            _make_key_file(path)
        return _key_in(path.read_text("ascii"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UnavailableError(f"the key of the installation, {path}, cannot be used: {reason}") from error


def _make_key_file(path: Path) -> None:
    """Make the file whole or not at all; of several processes that do so at once, the first one's stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(unfinished)
    unfinished.unlink()


def _key_in(text: str, place: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise _no_key(place) from error
    if len(key) != KEY_BYTES:
        raise _no_key(place)
    return key


def _no_key(place: str) -> InvalidInputError:
    return InvalidInputError(
        f"{place} holds no key: it is {KEY_BYTES} random bytes in Base64, `openssl rand -base64 32`"
    )
