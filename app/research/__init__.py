"""The research artefacts of a study: numbers with people behind them, by SQL and pure functions."""
