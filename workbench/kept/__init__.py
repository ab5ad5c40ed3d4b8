"""What was typed into a dialog or a form and not sent: kept as one types, put back when the form is opened again."""
