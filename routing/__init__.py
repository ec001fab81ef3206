"""Who gets a lead and by when: decide, fair share, working calendars. Pure: time is an argument."""
