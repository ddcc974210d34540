"""Documents on screen: made of one item or of several, looked at before, handed over afterwards."""
