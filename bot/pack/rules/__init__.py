"""What a pack has to keep beyond its format: one file of rules a subject; each rule is a pure function of a Subject."""
