"""A sampled mutation run: what would the tests let pass?"""
