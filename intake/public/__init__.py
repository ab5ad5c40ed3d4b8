"""What citizens see and send: receipts, query pages, ratings and reports."""
