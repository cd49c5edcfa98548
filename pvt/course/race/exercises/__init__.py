"""The exercises of chapter 04, one file each."""
