"""What Slack's tokens are kept under: a key that can be changed while the bot runs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import SecretStr


def new_key() -> str:
    """Make a key."""
    return Fernet.generate_key().decode()


def sealer(keys: SecretStr) -> MultiFernet:
    """Make what seals with the first of some keys, with commas between them, and opens with any.

    Raises SettingsError for what is no key.
    """
    try:
        return MultiFernet([Fernet(key.strip()) for key in keys.get_secret_value().split(",") if key.strip()])
    except (ValueError, TypeError):
        raise SettingsError("WAYMARK_SECRET_KEY is no key. Make one with: waymark slack key") from None


def opened(seal: MultiFernet, sealed: bytes) -> bytes | None:
    """Open what was sealed; None if none of the keys fits."""
    try:
        return seal.decrypt(sealed)
    except InvalidToken:
        return None
