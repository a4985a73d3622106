"""How many bookings and reads a second, beside a bare view behind the same server, middleware and token check."""
