"""How long what is kept is kept: a table of periods with days of effect, and the sweep that ends what is over."""
