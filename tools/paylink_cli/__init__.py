"""The operator's command line, `paylink`."""
