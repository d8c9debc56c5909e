import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from internflow.settings import Settings
from internflow.warehouse.connections import connect
from internflow.warehouse.fingerprints import compare_tables, read_table_states
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

EMBEDDINGS = Target("ai.embeddings", key=("content_hash", "model_id"), update=("vector",))

texts = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=8
)
rows = st.lists(st.tuples(texts, texts, st.binary(max_size=8)), max_size=12)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(loaded=rows)
def test_loading_the_same_rows_twice_changes_nothing(
    settings: Settings, loaded: list[tuple[str, str, bytes]]
) -> None:
    with connect(settings, "pipeline") as connection:
        connection.execute("delete from ai.embeddings")
        first = merge_rows(connection, EMBEDDINGS, loaded)
        stored = {
            (r["content_hash"], r["model_id"]): r["vector"]
            for r in connection.execute("select * from ai.embeddings").fetchall()
        }
        assert first == MergeCounts(inserted=len(stored))
        assert stored == {(a, b): c for a, b, c in loaded}
        assert merge_rows(connection, EMBEDDINGS, loaded) == MergeCounts()


def test_rows_that_differ_are_counted_as_updated(settings: Settings) -> None:
    with connect(settings, "pipeline") as connection:
        merge_rows(connection, EMBEDDINGS, [("a", "m", b"1"), ("b", "m", b"1")])
        assert merge_rows(
            connection, EMBEDDINGS, [("a", "m", b"2"), ("b", "m", b"1")]
        ) == MergeCounts(0, 1)


def test_a_load_that_fails_leaves_nothing(settings: Settings) -> None:
    def failing() -> object:
        yield ("a", "m", b"1")
        raise RuntimeError("killed in the middle")

    with pytest.raises(RuntimeError), connect(settings, "pipeline") as connection:
        merge_rows(connection, EMBEDDINGS, failing())  # type: ignore[arg-type]
    with connect(settings, "pipeline") as connection:
        assert connection.execute("select * from ai.embeddings").fetchall() == []


def test_table_states_name_the_table_that_changed(settings: Settings) -> None:
    before = read_table_states(settings, ("raw", "ai"))
    with connect(settings, "pipeline") as connection:
        merge_rows(connection, EMBEDDINGS, [("a", "m", b"1")])
    changes = compare_tables(before, read_table_states(settings, ("raw", "ai")))
    assert [(c.table, c.before, c.after) for c in changes] == [("ai.embeddings", 0, 1)]
