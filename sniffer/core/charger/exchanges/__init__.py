"""Exchanges: requests and answers, their statistics, and the frames of one exchange on both links."""
