"""What the tables of police calls, hotline orders and petitions look like, and how a row becomes an entry."""
