"""A service as small as can be, to show what the chassis promises in processes of its own."""
