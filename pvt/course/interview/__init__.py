"""13 What would you say in the interview?"""
