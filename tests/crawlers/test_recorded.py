"""Recorded answers of real boards, served over HTTP, crawled and landed."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from internflow.listings.landing import find_landings, read_final_crawls
from internflow.listings.posting import BoardResult

FIELDS = {"greenhouse": ("absolute_url", "first_published"), "ashby": ("jobUrl", "publishedAt")}


@pytest.mark.parametrize("platform", sorted(FIELDS))
def test_a_recorded_board_lands_with_title_place_url_and_date(
    platform: str,
    shared_data: Path,
    write_boards: Callable[..., Path],
    serve: Callable[..., str],
    crawl: Callable[..., dict[str, BoardResult]],
    tmp_path: Path,
) -> None:
    payload = json.loads((shared_data / "listings" / "recorded" / f"{platform}.json").read_text())
    root = write_boards(platform, {"recorded": payload})
    serve(root)
    result = crawl(root, platform)["recorded"]
    # The recording is trimmed and still tells the board's own total: to show fewer is to be partial.
    is_trimmed = payload.get("meta", {}).get("total", len(payload["jobs"])) > len(payload["jobs"])
    assert result.status == ("partial" if is_trimmed else "ok")
    assert result.fetched_count == len(payload["jobs"])
    (board,) = read_final_crawls(find_landings(tmp_path / "data" / "landing", "run", platform))
    landed = {posting.external_id: posting for posting in board.postings}
    url_field, date_field = FIELDS[platform]
    for job in payload["jobs"]:
        posting = landed.pop(str(job["id"]))
        place = job["location"]["name"] if platform == "greenhouse" else job["location"]
        assert posting.title == job["title"].strip()
        assert posting.places == (place,)
        assert posting.url == job[url_field]
        assert posting.posted_at == datetime.fromisoformat(job[date_field])
    assert landed == {}
