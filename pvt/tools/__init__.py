"""Pieces that the experiments of several chapters share, one noun a file."""
