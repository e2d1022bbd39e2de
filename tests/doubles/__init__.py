"""What explorers show, computed in Python: a second way to the numbers of their views.

A double is its explorer with methods that draw the same luck (`draws`) and ask the package.
"""
