"""How command lines are read: nouns, verbs, arguments, options."""
