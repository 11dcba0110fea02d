"""Measures how far rounding and faults move what lies between the recurrent layers of a port.

The limit of the ratio of difference to spread is a constant that no theory gives. Honest pairs say
how large it has to be, faulty pairs how small it may be.
"""
