"""Texts that are written again and again: kept by a person or shared in an organisation, put into any field filled."""
