"""The exercises of chapter 08, one file each."""
