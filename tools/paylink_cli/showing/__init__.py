"""What is printed, for a person or for a program."""
