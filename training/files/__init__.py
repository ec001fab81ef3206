"""Files of leads, read a chunk at a time in constant memory: CSV, Parquet, JSON Lines."""
