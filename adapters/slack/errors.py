"""What Slack's refusals mean for a nudge, as data: whether it can still arrive, and whom else it concerns. Pure."""

from __future__ import annotations

from datetime import timedelta

from bot.nudges.outcome import Outcome, Refused, Unclear

DEFAULT_WAIT = timedelta(seconds=30)
LONG = timedelta(hours=1)

# It will never reach this person: their rule is held, with the reason.
OF_PERSON = frozenset(
    "channel_not_found user_not_found user_disabled user_not_visible is_archived not_in_channel restricted_action "
    "messages_tab_disabled cannot_dm_bot cannot_reply_to_message".split()
)
# Nothing reaches anybody in this workspace until somebody acts there: its lane stops.
OF_WORKSPACE = frozenset(
    "account_inactive token_revoked token_expired invalid_auth not_authed missing_scope no_permission "
    "not_allowed_token_type team_access_not_granted ekm_access_denied access_denied accesslimited "
    "two_factor_setup_required".split()
)
# Nothing reaches anybody in this workspace for a while.
LATER = {
    "ratelimited": DEFAULT_WAIT,
    "rate_limited": DEFAULT_WAIT,
    "service_unavailable": timedelta(minutes=5),
    "team_added_to_org": timedelta(minutes=15),
    "org_login_required": timedelta(minutes=15),
    "message_limit_exceeded": LONG,
}
# Slack says that some of it may have happened.
IN_DOUBT = frozenset({"internal_error", "fatal_error", "request_timeout", "operation_timeout"})


def outcome_of(status: int, code: str | None, retry_after: str | None) -> Outcome:
    """Judge an answer that is no success: its HTTP status, its error code, its Retry-After in seconds."""
    wait = timedelta(seconds=int(retry_after)) if retry_after and retry_after.isdecimal() else None
    if status == 429 or code in LATER:
        return Refused(code or "ratelimited", retry_after=wait or LATER.get(code or "", DEFAULT_WAIT), of_lane=True)
    if code is None or code in IN_DOUBT or status >= 500:
        return Unclear(code or f"status {status}")
    if code in OF_WORKSPACE:
        return Refused(code, permanent=True, of_lane=True)
    return Refused(code, permanent=code in OF_PERSON)
