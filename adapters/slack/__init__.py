"""Slack: slash commands, presses, mentions, direct messages and nudges, in one workspace or in many."""
