"""What developers and the demo need beside the product; the product imports nothing of it."""
