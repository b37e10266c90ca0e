"""Training that can be watched: what is trained (`setup`), one run (`run`), whose turn it is
(`turns`), and how it stands on a page (`panel`).
"""
