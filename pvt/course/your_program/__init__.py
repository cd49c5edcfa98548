"""14 What is wrong with your program?"""
