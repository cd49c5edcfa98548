"""The exercises of chapter 15, one file each."""
