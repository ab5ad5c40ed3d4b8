"""Exchange with systems above, below and beside: by profiles that say which cases go where in which shape."""
