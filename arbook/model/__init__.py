"""The model itself: rule, parameters, laws, simulation, measures.

Its public names are those of `arbook`.
"""
