"""How much one machine carries: people at windows and phones on the round, with the pauses people make."""
