"""07 What does a worker cost, and how many should there be?"""
