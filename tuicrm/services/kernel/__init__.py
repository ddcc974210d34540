"""What everything people do rests on: the session, changes, rules, names, rights."""
