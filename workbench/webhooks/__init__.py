"""Webhooks: outside systems are told what changed in their sight, in order, until they have taken it."""
