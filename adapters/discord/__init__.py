"""Discord: slash commands, buttons and direct messages over the gateway, nudges over REST."""
