"""The exercises of chapter 07, one file each."""
