"""Makes sentiment-train-1.0.0.csv and sentiment-train-2.0.0.csv, as a well-known course on MLflow does.

Run once with Debian 12's python3-pandas 1.5.3 and python3-numpy 1.24.2:

    /usr/bin/python3 make_sentiment.py

It prints the first 16 hex digits of the SHA-256 of each file, which is what the course calls a frame's hash.
"""
import hashlib
import pathlib

import numpy as np
import pandas as pd


def sentiment(samples, seed):
    np.random.seed(seed)
    return pd.DataFrame({
        "text_length": np.random.randint(10, 500, samples),
        "word_count": np.random.randint(5, 100, samples),
        "sentiment_score": np.random.uniform(-1, 1, samples),
        "has_emoji": np.random.choice([0, 1], samples),
        "label": np.random.choice(["negative", "neutral", "positive"], samples),
    })


for version, samples, seed in [("1.0.0", 10000, 42), ("2.0.0", 15000, 123)]:
    content = sentiment(samples, seed).to_csv(index=False).encode("utf-8")
    pathlib.Path(f"sentiment-train-{version}.csv").write_bytes(content)
    print(version, hashlib.sha256(content).hexdigest()[:16])
