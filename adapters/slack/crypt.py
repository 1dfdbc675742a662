"""What Slack's tokens are kept under: a key that can be changed while the bot runs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import SecretStr


def new_key() -> str:
    """Make a key."""
    return Fernet.generate_key().decode()


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals with the first of some keys, and opens with any of them."""

    keys: tuple[Fernet, ...]

    def close(self, plain: bytes) -> bytes:
        """Seal something."""
        return self.keys[0].encrypt(plain)

    def open(self, sealed: bytes) -> bytes | None:
        """Open what was sealed; None if none of the keys fits."""
        return _opened(MultiFernet(self.keys), sealed)

    def anew(self, sealed: bytes) -> bytes | None:
        """Seal with the first key what another one sealed; None if nothing is to be done, or nothing can be."""
        if _opened(self.keys[0], sealed) is not None:
            return None
        plain = self.open(sealed)
        return None if plain is None else self.close(plain)


def sealer(keys: SecretStr) -> Seal:
    """Make a seal from keys with commas between them, the newest first; raises SettingsError for what is no key."""
    try:
        read = tuple(Fernet(key.strip()) for key in keys.get_secret_value().split(",") if key.strip())
    except (ValueError, TypeError):
        read = ()
    if not read:
        raise SettingsError("WAYMARK_SECRET_KEY is no key. Make one with: waymark slack key")
    return Seal(read)


def _opened(by: Fernet | MultiFernet, sealed: bytes) -> bytes | None:
    try:
        return by.decrypt(sealed)
    except InvalidToken:
        return None
