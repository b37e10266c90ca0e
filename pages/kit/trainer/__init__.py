"""Training that can be watched.

`setup` says what is trained, `run` is one training run, `turns` shares the processor among many,
`panel` steers a run on a page, and `live` follows it with a board.
"""
