"""12 Who serves ten thousand connections?"""
