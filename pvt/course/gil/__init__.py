"""06 Why do more threads not make it faster?"""
