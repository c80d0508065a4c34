"""What the text-only seat is made of: pages as HTML without any script, and what a sent form does."""
