"""InternFlow's library: all logic, as plain functions and frozen dataclasses. Imports no Prefect, Scrapy or Streamlit."""
