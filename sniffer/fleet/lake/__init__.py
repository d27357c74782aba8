"""The lake: sessions of many benches as Parquet files in a folder or an object store, which DuckDB can be asked about.

`schema` says what is stored. A capture becomes rows, the rows files (`tables`), and the files appear in the store in
one step (`store`). Captures are added by many processes (`additions`), and asked about in SQL (`queries`).
"""
