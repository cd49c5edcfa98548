"""04 Why does a program lose count?"""
