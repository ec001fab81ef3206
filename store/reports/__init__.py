"""Reports: what is kept, read and measured for one period."""
