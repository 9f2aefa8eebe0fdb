"""Insights: what researchers conclude, each with the words of participants that it rests on."""
