"""Warnings over REST."""
