"""System checks: what would make the hub unsafe or unsound is refused at the start, with a hint."""
