"""What is measured: `make bench`, or `python -m bench cold size` for some sections."""
