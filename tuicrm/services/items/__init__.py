"""What is done with items: add, edit, move, plan, comment, relate."""
