"""InternFlow's library: plain functions and frozen dataclasses. Imports no Prefect, Scrapy or Streamlit."""
