"""08 What does a switch cost?"""
