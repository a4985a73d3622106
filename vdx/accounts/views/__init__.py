"""Pages of the accounts app: access, form, one service, response."""
