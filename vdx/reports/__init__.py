"""What is made of several apps' numbers."""
