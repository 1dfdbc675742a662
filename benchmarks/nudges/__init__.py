"""The nudge benchmark: our sweep beside one APScheduler job a learner, on the same databases."""
