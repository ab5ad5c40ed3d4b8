"""What the county knows of kinds of disputes, to be read by everybody who works on cases."""
