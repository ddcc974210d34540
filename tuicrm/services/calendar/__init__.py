"""When things are to be done, with whom and where: calendars, free time, moving what is planned."""
