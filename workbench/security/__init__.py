"""The desk of the security administrator: accounts, lockouts, sessions, the security log, rules."""
