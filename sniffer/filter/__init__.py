"""The filter language: a text such as `command == 01 and status == Faulted` in, a test of records out.

`parser.parse` reads a text, `completion.complete` says what may come next, `writing.for_part` writes the filter for a
value that is shown. Only the first two load the parser library: import them when a filter is used. The language is
described in `README.md` here.
"""
