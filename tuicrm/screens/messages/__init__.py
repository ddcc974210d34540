"""Messages on screen: which way to a client, mails written and read, what is sent while the program runs."""
