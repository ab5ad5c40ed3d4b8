"""One act on many cases: asked for once, done case by case, with a result for each."""
