"""Judgements, suppressions, changes and the audit chain, as a client of another language and an operator see them."""

import json
import subprocess

import grpc
import pytest

from client import Client, resolve
from test_service import details_of

LIST = """id,name
1,Vostok Shipping
2,OOO Vostok Shipping
3,Sever Trading
"""

MAPPING = """
format = "csv"
[id]
template = "{id}"
[kind]
default = "organization"
[[names]]
column = "name"
quality = "primary"
"""


def run(program, *arguments, code=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def data(program, tmp_path):
    """A data directory with three companies."""
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "mapping.toml").write_text(MAPPING)
    run(program, "import", "--data", tmp_path / "data", "--dataset", "own", "--format", "mapped",
        "--mapping", tmp_path / "mapping.toml", tmp_path / "list.csv")
    return tmp_path / "data"


def same(left, right, **more):
    return {"left": left, "right": right, "opinion": "OPINION_SAME", **more}


def test_a_judgement_merges_at_once_and_is_undone(data, start):
    client = Client(start("--data", data).address)
    before = client.call("EntityService/GetEntity", {"id": "own:2"})["entity"]["entity_id"]
    request = same("own:1", "own:2", reason="one address", request_id="1b4e28ba", on_behalf_of="alice")
    done = client.call("JudgementService/RecordJudgement", request)
    assert client.call("JudgementService/RecordJudgement", request) == done
    assert done["clusters"][0]["record_ids"] == ["own:1", "own:2"]
    answer = client.call("ResolverService/Resolve", resolve("Vostok Shipping"))
    assert sorted(answer["candidates"][0]["record_ids"]) == ["own:1", "own:2"]
    assert answer["version"]["registry_revision"] == done["registry_revision"]
    found = client.call("EntityService/GetEntity", {"id": before})["entity"]
    assert [record["record_id"] for record in found["records"]] == ["own:1", "own:2"]

    listed = client.call("JudgementService/ListJudgements", {"record_id": "own:2"})["judgements"]
    assert [(one["number"], one["actor"], one["reason"]) for one in listed] == [("1", "alice", "one address")]
    client.call("JudgementService/WithdrawJudgement", {"number": 1, "reason": "a homonym"})
    assert client.call("EntityService/GetEntity", {"id": before})["entity"]["entity_id"] == before
    changes = client.call("EntityService/ListEntityChanges", {"id": before})["changes"]
    kinds = [change["kind"].removeprefix("CHANGE_KIND_") for change in changes]
    assert kinds[0] == "ADDED" and set(kinds[1:]) <= {"MERGED", "SPLIT"}


def test_a_stream_tells_changes_and_resumes(data, start):
    client = Client(start("--data", data).address)
    stream = client.listen("EntityService/WatchChanges", {"from_beginning": True})
    first = next(stream)
    assert [change["kind"] for change in first["changes"]] == ["CHANGE_KIND_ADDED"] * 3
    client.call("JudgementService/RecordJudgement", same("own:1", "own:2"))
    second = next(stream)
    assert second["changes"][0]["kind"] == "CHANGE_KIND_MERGED"
    again = next(client.listen("EntityService/WatchChanges", {"resume_token": first["resume_token"]}))
    assert again["changes"] == second["changes"]


@pytest.mark.parametrize(
    "method, request_, code, reason",
    [
        ("RecordJudgement", same("own:1", "own:9"), "NOT_FOUND", "RECORD_NOT_FOUND"),
        ("RecordJudgement", same("own:1", "own:1"), "INVALID_ARGUMENT", "INVALID_FIELD"),
        ("RecordJudgement", {"left": "own:1", "right": "own:2"}, "INVALID_ARGUMENT", "INVALID_FIELD"),
        ("WithdrawJudgement", {"number": 99}, "NOT_FOUND", "JUDGEMENT_NOT_FOUND"),
        ("DismissReview", {"number": 99}, "NOT_FOUND", "REVIEW_NOT_FOUND"),
        ("LiftSuppression", {"number": 99}, "NOT_FOUND", "SUPPRESSION_NOT_FOUND"),
        ("ListReviewQueue", {"page_token": "x"}, "INVALID_ARGUMENT", "INVALID_PAGE_TOKEN"),
    ],
)
def test_errors_name_their_reason(data, start, method, request_, code, reason):
    client = Client(start("--data", data).address)
    with pytest.raises(grpc.RpcError) as caught:
        client.call(f"JudgementService/{method}", request_)
    assert caught.value.code().name == code
    assert details_of(caught.value)["ErrorInfo"].reason == reason


def test_a_suppressed_hit_does_not_come_back_as_a_match(data, start):
    client = Client(start("--data", data).address)
    hit = client.call("ResolverService/Resolve", resolve("Sever Trading"))["candidates"][0]["entity_id"]
    client.call("JudgementService/SuppressHit", {"subject": "customer 7", "entity_id": hit})
    answer = client.call("ResolverService/Resolve", {**resolve("Sever Trading"), "subject": "customer 7"})
    assert answer["candidates"][0]["suppression_number"] == "1"
    assert answer["verdict"] == "VERDICT_NO_MATCH"
    client.call("JudgementService/LiftSuppression", {"number": 1})
    answer = client.call("ResolverService/Resolve", {**resolve("Sever Trading"), "subject": "customer 7"})
    assert answer["verdict"] == "VERDICT_MATCH"


def test_the_command_line_judges_shows_and_audits(program, data):
    assert "would be judgement" in run(program, "judge", "--data", data, "same", "own:1", "own:2", "--check")
    run(program, "judge", "--data", data, "same", "own:1", "own:2", "--reason", "one address", "--actor", "alice")
    refused = run(program, "judge", "--data", data, "different", "own:1", "own:2", code=1)
    assert "own:1 = own:2" in refused
    shown = run(program, "entity", "own:2", "--data", data)
    assert "own:1" in shown and "by judgement 1 (one address)" in shown
    verified = run(program, "audit", "verify", "--data", data)
    head = verified.strip().splitlines()[-1].split()[-1]
    run(program, "judge", "--data", data, "withdraw", "1", "--reason", "a homonym", "--actor", "bob")
    assert "3 links" in run(program, "audit", "verify", "--data", data, "--head", head)
    links = [json.loads(line) for line in run(program, "audit", "list", "--data", data).splitlines()]
    assert [(link["action"], link["actor"]) for link in links] == [
        ("import", "exonym import"), ("judge", "alice"), ("withdraw", "bob")]
    assert "the chain was cut" in run(program, "audit", "verify", "--data", data, "--head", "00", code=1)
    assert "ok" in run(program, "check", "--data", data)
