"""The web service: requests in, pages and JSON out."""
