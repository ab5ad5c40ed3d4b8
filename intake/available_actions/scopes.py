"""What outside systems need for acts on a case, by whose part they take."""

OF_REGISTRARS = "cases:supplement"
OF_HANDLERS = "cases:handle"
