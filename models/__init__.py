"""The model registry: versions, their scorecards and cards, the estimators kept for the analyst."""
