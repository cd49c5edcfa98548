"""The exercises of chapter 11, one file each."""
