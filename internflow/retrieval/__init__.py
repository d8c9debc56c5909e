"""Retrieval: the encoder, cached embeddings, one FAISS store per repository, and search over it."""
