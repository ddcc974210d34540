"""What `--help` and `tuicrm help` show."""
