"""Small parts that every other package may use: errors, times, safe text, suggestions, files, threads."""
