"""What an export says, file by file; no file is opened here, and nothing is known of the database."""
