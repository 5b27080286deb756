"""Versions, receipts and portfolios, as a client of another language and an operator see them."""

import json
import subprocess

import grpc
import pytest

from client import Client, resolve
from test_judgements import MAPPING, run
from test_service import details_of

FIRST = "id,name\n1,Vostok Shipping\n2,Sever Trading\n"
SECOND = "id,name\n1,Vostok Shipping\n2,OOO Sever Trading\n3,Zapad Bank\n"


def put(program, folder, text):
    (folder / "list.csv").write_text(text)
    (folder / "mapping.toml").write_text(MAPPING)
    run(program, "import", "--data", folder / "data", "--dataset", "own", "--format", "mapped",
        "--mapping", folder / "mapping.toml", folder / "list.csv")


@pytest.fixture
def data(program, tmp_path):
    """A data directory with two versions of a list."""
    put(program, tmp_path, FIRST)
    put(program, tmp_path, SECOND)
    return tmp_path / "data"


def versions(client):
    return client.call("VersionService/ListVersions")["versions"]


def as_of(version):
    point = {"index_version": version["index_version"], "registry_revision": version["last_registry_revision"]}
    return {"as_of": {"version": point}}


def test_past_versions_answer_and_are_compared(data, start):
    client = Client(start("--data", data).address)
    new, old = versions(client)[:2]
    assert new["serves"] and "serves" not in old
    ask = {**resolve("Zapad Bank"), "scope": as_of(new)}
    assert client.call("ResolverService/Resolve", ask)["candidates"][0]["record_ids"] == ["own:3"]
    assert client.call("ResolverService/Resolve", {**ask, "scope": as_of(old)})["verdict"] == "VERDICT_NO_MATCH"
    messages = client.listen("VersionService/DiffVersions", {"from": as_of(old)["as_of"]})
    told = {(one["record_id"], one["kind"]) for message in messages for one in message["differences"]}
    assert told == {("own:2", "DIFFERENCE_KIND_RECORD_CHANGED"), ("own:3", "DIFFERENCE_KIND_ENTITY_ADDED")}
    with pytest.raises(grpc.RpcError) as caught:
        never = {"scope": {"as_of": {"version": {"index_version": "0" * 32}}}}
        client.call("ResolverService/Resolve", {**resolve("Zapad Bank"), **never})
    assert details_of(caught.value)["ErrorInfo"].reason == "VERSION_NOT_RETAINED"
    assert new["index_version"] in caught.value.details()


def test_a_pin_outlives_a_restart_and_a_rollback_a_bad_list_only(program, data, start):
    server = start("--data", data)
    client = Client(server.address)
    old = versions(client)[1]
    back = client.call("VersionService/RollBackVersion", {"reason": "a bad list"})["version"]
    assert back["index_version"] == old["index_version"]
    server.stop()
    listed = run(program, "versions", "--data", data)
    assert "rolled back" in listed.splitlines()[1] and old["index_version"] in listed.splitlines()[1]
    assert "serves" in run(program, "versions", "unpin", "--data", data)
    prefix = old["index_version"][:8]
    assert old["index_version"] in run(program, "versions", "pin", prefix, "--data", data, "--actor", "alice")
    put(program, data.parent, FIRST.replace("Sever", "Amur"))
    client = Client(start("--data", data).address)
    assert client.call("ResolverService/Resolve", resolve("Amur Trading"))["verdict"] != "VERDICT_MATCH"
    assert [one["pin"]["actor"] for one in versions(client) if "pin" in one] == ["alice"]


def test_who_changed_what_serves_is_in_the_audit_chain(program, data):
    run(program, "versions", "rollback", "--data", data, "--actor", "alice", "--reason", "a bad list")
    run(program, "versions", "unpin", "--data", data, "--actor", "bob")
    links = [json.loads(line) for line in run(program, "audit", "list", "--data", data).splitlines()]
    assert [(link["action"], link["actor"]) for link in links[2:]] == [("roll-back", "alice"), ("unpin", "bob")]
    assert links[2]["detail"]["reason"] == "a bad list"
    run(program, "audit", "verify", "--data", data)
    assert "3 versions are retained, every one whole" in run(program, "check", "--data", data)
    asked = run(program, "resolve", "Zapad Bank", "--data", data, "--as-of", "@1", "--format", "tsv")
    assert "NO_MATCH" in asked and "own:3" not in asked


def test_the_command_line_tells_what_changed(program, data):
    new, old = [line.split("@")[0] for line in run(program, "versions", "--data", data).splitlines()[:2]]
    told = run(program, "diff", old[:10], new[:10], "--data", data)
    assert "+ ent-" in told and "Zapad Bank" in told and "own:2 changed: + OOO Sever Trading" in told
    lines = run(program, "diff", old[:10], "--data", data, "--json").splitlines()
    assert {json.loads(line)["record_id"] for line in lines} == {"own:2", "own:3"}
    assert "no retained version begins with" in run(program, "diff", "ffff", "--data", data, code=1)
    assert "retained are" in run(program, "diff", "2001-01-01T00:00:00Z", "--data", data, code=1)


def test_a_receipt_is_verified_by_answering_again(program, data, start, tmp_path):
    key = tmp_path / "receipts.pem"
    done = subprocess.run([program, "receipt", "key", "--output", key], capture_output=True, text=True, check=True)
    public = done.stdout.strip()
    settings = tmp_path / "exonym.toml"
    settings.write_text(f'[receipts]\nkey = "{key}"\n[versions]\nretain = 1\n')
    server = start("--data", data, "--config", settings)
    got = subprocess.run([program, "receipt", "get", "Zapad Bank", "--server", f"http://{server.address}"],
                         capture_output=True, text=True, check=True).stdout
    receipt = tmp_path / "receipt.json"
    receipt.write_text(got)
    told = run(program, "receipt", "verify", receipt, "--key", public, "--server", f"http://{server.address}")
    assert "gives the same answer again" in told
    server.stop()
    assert "gives the same answer again" in run(program, "receipt", "verify", receipt, "--key", public, "--data", data)

    def verify(text, key=public):
        receipt.write_text(text)
        return run(program, "receipt", "verify", receipt, "--key", key, "--data", data, code=1)

    assert "signed with the key" in verify(got, "0" * 64)
    assert "the given answer is not the one" in verify(got.replace("Zapad Bank", "Zapad Bang"))
    changed = json.loads(got)
    changed["request"]["subject"] = "customer 7"
    assert "the request is not the one" in verify(json.dumps(changed))
    changed = json.loads(got)
    changed["response"]["receipt"]["version"]["registry_revision"] = "1"
    assert "the signature does not fit" in verify(json.dumps(changed))
    put(program, data.parent, FIRST)
    assert "retained are" in verify(got)


def test_receipts_are_refused_where_there_is_no_key(server):
    with pytest.raises(grpc.RpcError) as caught:
        Client(server.address).call("ResolverService/Resolve", resolve("Mokran", receipt=True))
    assert details_of(caught.value)["ErrorInfo"].reason == "RECEIPTS_OFF"


def test_a_portfolio_hears_only_what_changed(data, start):
    client = Client(start("--data", data).address)
    subjects = [{"subject_id": "a", "query": resolve("Zapad Bank")["query"]},
                {"subject_id": "b", "query": resolve("Vostok Shipping")["query"]}]
    put_ = client.call("PortfolioService/PutSubjects", {"subjects": subjects})["subjects"]
    assert [len(one["hits"]) for one in put_] == [1, 1]
    alerts = client.listen("PortfolioService/WatchAlerts", {})
    token = next(alerts)["resume_token"]
    client.call("VersionService/RollBackVersion")
    lost = next(alerts)["alerts"]
    assert [(one["subject_id"], one["kind"]) for one in lost] == [("a", "ALERT_KIND_LOST")]
    client.call("VersionService/UnpinVersion")
    again = client.listen("PortfolioService/WatchAlerts", {"resume_token": token})
    assert next(again)["alerts"][0] == lost[0]
