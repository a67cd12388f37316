"""Writers who tell a post in words of their own: a language model behind any OpenAI-compatible endpoint.

``brief`` → ``prompt`` → ``chat`` (the request) → ``endpoint`` (the only network of ``publish``) → ``chat`` (the completion) →
``answer`` (the door) → sentences with note ids, which the draft's checker judges like any other. ``model_writer`` orders that,
``spending`` holds its limits, ``answers`` keeps what was paid for. Only ``endpoint`` imports httpx, and only when it asks.
"""
