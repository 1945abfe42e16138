"""Training of the networks; needs `paperkg[train]`. Nothing here is imported at run time."""
