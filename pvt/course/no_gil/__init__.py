"""15 What if nobody takes turns?"""
