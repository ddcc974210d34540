"""What a CRM is. Pure: no files, no terminal, no network; the time is handed in."""
