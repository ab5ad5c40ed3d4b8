"""What persons ask about their own data: received at the window, the sheet, what the manager decides."""
