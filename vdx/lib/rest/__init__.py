"""What the hub's APIs have in common: one view to build on, its refusals, and fields that read as clients write."""
