"""02 What is a thread?"""
