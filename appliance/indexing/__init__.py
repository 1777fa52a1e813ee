"""What is done to every asset after it is in the library."""
