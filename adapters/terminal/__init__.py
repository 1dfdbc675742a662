"""The terminal: a chat for one learner, and single answers for pipes and scripts."""
