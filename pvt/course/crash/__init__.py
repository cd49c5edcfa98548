"""09 Who dies when one worker crashes?"""
