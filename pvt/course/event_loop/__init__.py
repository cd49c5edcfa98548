"""16 What if one thread does it all?"""
