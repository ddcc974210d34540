"""Where records are kept: the Store protocol and the journal that implements it."""
