"""01 What is a process?"""
