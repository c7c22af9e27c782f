"""What `paylink doctor` looks at."""
