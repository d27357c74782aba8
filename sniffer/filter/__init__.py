"""The filter language: text such as `command == 01 and status == Faulted` in, a test of records out.

`compiler.compile_filter` compiles a text, `completion.complete` lists what may be typed next, and
`builder.build_part_filter` writes the filter for a value on the screen. Only the first two load the parser library, so
import them where a filter is used, and not before. `docs/filter.md` describes the language.
"""
