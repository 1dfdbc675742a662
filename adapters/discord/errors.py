"""What Discord's refusals mean for a message: as data, and one function that looks it up. Sends nothing."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import discord

from bot.nudges.outcome import Outcome, Refused, Unclear

HOURS = timedelta(hours=6)
MINUTES = timedelta(minutes=15)
NO_CHANNEL = 10003
NO_MESSAGE = 10008
ANSWERED = 40060  # an interaction that was answered before

REFUSALS = {
    10013: Refused("the account is gone", permanent=True),
    NO_CHANNEL: Refused("the conversation is gone", permanent=True),
    20009: Refused("a filter of theirs held it back", permanent=True),
    20028: Refused("too many messages at once", retry_after=MINUTES, of_lane=True),
    40001: Refused("the bot's token is not valid any more", permanent=True, of_lane=True),
    40002: Refused("Discord asks for the bot's account to be verified", permanent=True, of_lane=True),
    40003: Refused("too many direct messages were begun", retry_after=HOURS, of_lane=True),
    40004: Refused("sending is switched off at Discord for now", retry_after=MINUTES, of_lane=True),
    40062: Refused("too many messages at once", retry_after=MINUTES, of_lane=True),
    50007: Refused("direct messages are closed to this bot", permanent=True),
    50035: Refused("Discord did not take the message as it is", retry_after=HOURS),
    50278: Refused("we have no server in common any more", permanent=True),
}
_BY_STATUS = {
    400: REFUSALS[50035],
    401: REFUSALS[40001],
    403: Refused("Discord forbids it", permanent=True),  # never tried again: refusals in a row ban an address
    404: Refused("Discord does not know it", permanent=True),
    429: Refused("Discord shuts this machine out for a while", retry_after=MINUTES, of_lane=True),
}


def outcome_of(error: Exception) -> Outcome:
    """Tell what an error means: surely not sent, and for how long that holds, or not known."""
    match error:
        case discord.RateLimited():
            return Refused("too many messages at once", retry_after=timedelta(seconds=error.retry_after), of_lane=True)
        case discord.HTTPException() if error.status < 500:
            return REFUSALS.get(error.code) or _BY_STATUS.get(error.status) or REFUSALS[50035]
        case aiohttp.ClientConnectorError():
            return Refused("Discord could not be reached", retry_after=timedelta(minutes=1), of_lane=True)
        case discord.HTTPException():
            return Unclear(f"Discord answered {error.status}")
        case _:
            return Unclear(type(error).__name__)
