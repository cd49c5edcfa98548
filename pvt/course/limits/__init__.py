"""10 How many are too many?"""
