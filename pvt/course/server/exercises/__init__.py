"""The exercises of chapter 12, one file each."""
