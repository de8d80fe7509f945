"""The ship: settings, command line, web app and the run that joins the rooms."""
