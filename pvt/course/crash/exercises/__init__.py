"""The exercises of chapter 09, one file each."""
