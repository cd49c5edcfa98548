"""05 Why does a program stop for ever?"""
