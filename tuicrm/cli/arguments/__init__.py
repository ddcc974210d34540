"""What arguments and options mean that several commands take: times, fields, layouts, formats."""
