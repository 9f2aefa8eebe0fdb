"""Pseudonyms: names and other personal data in what is said, found by rules and replaced by stable placeholders.

The lists of given names and surnames are those of Faker (MIT, NAMES_LICENSE.txt) with regional ones added; beside a
name stand the languages in which it is also a word.
"""
