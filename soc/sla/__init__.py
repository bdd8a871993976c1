"""Service levels without a database: working time, what a clock reads, how it is told."""
