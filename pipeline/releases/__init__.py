"""Versions of the dataset, frozen: `names` of versions, `dataset` to read one, `matching` and `changes` to compare
two, `making` to make one.
"""
