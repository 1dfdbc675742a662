"""Study nudges: when they are due, what they say, how they are delivered. Knows no platform: one is handed in."""
