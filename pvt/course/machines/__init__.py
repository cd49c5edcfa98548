"""17 What if the workers are on other machines?"""
