"""Chapter 14: six programs as people write them, and what is wrong with each."""
