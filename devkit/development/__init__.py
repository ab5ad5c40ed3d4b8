"""The program as a developer runs it: a server that reloads, the debug toolbar, worker and beat, on the demo's data."""
