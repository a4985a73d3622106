"""The hub's processes: the web server, and the worker and the beat, apart or as threads of the one process."""
