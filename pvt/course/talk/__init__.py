"""03 What does it cost to talk?"""
