"""What screens are made of: panes of lines, editors, forms and dialogs. A widget knows no screen."""
