"""The pages on the results of a round."""
