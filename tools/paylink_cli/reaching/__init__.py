"""Which API is spoken to, and how."""
