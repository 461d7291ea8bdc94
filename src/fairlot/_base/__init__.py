"""What every room stands on: errors, checks, chance, progress."""
