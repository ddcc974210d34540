"""What one run of the command line works with: its output, its session, how far it is."""
