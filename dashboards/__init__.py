"""The Streamlit pages: layout over the rows that Postgres shows this student. No product logic."""
