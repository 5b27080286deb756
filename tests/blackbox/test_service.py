"""What a client of another language sees. Run from the root of the project:

    cargo build
    python3 -m venv target/ci/venv
    target/ci/venv/bin/pip install -r tests/blackbox/requirements.txt
    target/ci/venv/bin/python -m pytest tests/blackbox
"""

import signal
import subprocess

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from client import Client, resolve

MOKRAN = "sample:mokran-llc"
CHOLSAN = "sample:korea-cholsan-general-trading-corporation"
DEPARTMENT = "sample:munitions-industry-department"
KIM = "sample:kim-jong-un"


@pytest.fixture(scope="module")
def client(server):
    return Client(server.address)


def test_reflection_lists_the_services(client):
    for service in ["Resolver", "Entity", "Dataset", "Judgement", "Portfolio", "Server", "Version"]:
        assert f"exonym.v1.{service}Service" in client.services()
    assert "grpc.health.v1.Health" in client.services()


def test_health_is_told_per_service(server):
    health = health_pb2_grpc.HealthStub(grpc.insecure_channel(server.address))
    for service in ["", "exonym.v1.ResolverService", "exonym.v1.EntityService"]:
        answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=5)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING, service


@pytest.mark.parametrize(
    "text, record",
    [
        ("조선철산무역총회사", CHOLSAN),
        ("철산무역총회사", CHOLSAN),
        ("Ch'ŏlsan General Trading Corporation", CHOLSAN),
        ("Корейская генеральная торговая корпорация Чхольсан", CHOLSAN),
        ("ООО «Мокран»", MOKRAN),
        ("MOKRAN LLC", MOKRAN),
        ("모크란", MOKRAN),
        ("Kim Chŏng-ŭn", KIM),
        ("Kim Jong-eun", KIM),
        ("Ким Чен Ын", KIM),
        ("김 정은", KIM),
        ("KIM, Jong Un", KIM),
        ("金正恩", KIM),
        ("Kunsu Kongŏp-pu", DEPARTMENT),
        ("군수공업부", DEPARTMENT),
    ],
)
def test_spellings_of_three_scripts_lead_to_one_entity(client, text, record):
    answer = client.call("ResolverService/Resolve", resolve(text))
    best = answer["candidates"][0]
    assert record in best["record_ids"], answer
    assert answer["verdict"] in ("VERDICT_MATCH", "VERDICT_REVIEW"), answer
    assert abs(sum(piece["weight"] for piece in best["evidence"]) - best["score"]) < 1e-9
    assert best["entity_id"].startswith("ent-")
    assert answer["version"]["index_version"] and answer["version"]["model_version"]


@pytest.mark.parametrize("text", ["손흥민", "Angela Merkel", "Korea Electric Power Corporation", "ООО", "39"])
def test_others_match_nobody(client, text):
    assert client.call("ResolverService/Resolve", resolve(text))["verdict"] == "VERDICT_NO_MATCH"


def test_answers_are_equal_to_the_byte(client, start):
    again = Client(start().address)
    for text in ["조선철산무역총회사", "ООО «Мокран»", "Kim Chŏng-ŭn", "Иванов", "Bank"]:
        request = resolve(text, limit=50, explanation="EXPLANATION_LEVEL_FULL")
        first = client.raw("ResolverService/Resolve", request)
        assert first == client.raw("ResolverService/Resolve", request)
        assert first == again.raw("ResolverService/Resolve", request), "another process answers otherwise"


def test_one_bad_item_fails_alone(client):
    items = [
        {"item_id": "good", "query": {"names": [{"text": "Мокран"}]}},
        {"item_id": "bad", "query": {"names": [{"text": "«»"}]}},
        {"item_id": "none"},
    ]
    results = client.call("ResolverService/ResolveMany", {"items": items})["results"]
    assert [result["item_id"] for result in results] == ["good", "bad", "none"]
    assert results[0]["response"]["verdict"] == "VERDICT_MATCH"
    assert results[1]["error"]["code"] == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert results[2]["error"]["code"] == grpc.StatusCode.INVALID_ARGUMENT.value[0]


def test_streams_echo_ids_in_order(client):
    def requests():
        for number in range(200):
            yield {"items": [{"item_id": str(number), "query": {"names": [{"text": "Kim Jong Un"}]}}]}

    ids = [result["item_id"] for answer in client.stream("ResolverService/ResolveStream", requests()) for result in answer["results"]]
    assert ids == [str(number) for number in range(200)]


def details_of(error):
    status = rpc_status.from_call(error)
    found = {}
    for detail in status.details:
        for kind in [error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo]:
            if detail.Is(kind.DESCRIPTOR):
                message = kind()
                detail.Unpack(message)
                found[kind.DESCRIPTOR.name] = message
    return found


@pytest.mark.parametrize(
    "method, request_, code, reason, field",
    [
        ("ResolverService/Resolve", {}, "INVALID_ARGUMENT", "INVALID_FIELD", "query"),
        ("ResolverService/Resolve", resolve("..."), "INVALID_ARGUMENT", "NAME_EMPTY", "query.names[0].text"),
        ("ResolverService/Resolve", resolve("가" * 1025), "INVALID_ARGUMENT", "NAME_TOO_LONG", "query.names[0].text"),
        ("ResolverService/Resolve", resolve("Kim", limit=101), "INVALID_ARGUMENT", "INVALID_FIELD", "options.limit"),
        ("ResolverService/ResolveMany", {}, "INVALID_ARGUMENT", "TOO_MANY_ITEMS", "items"),
        ("ResolverService/Suggest", {"text": " - "}, "INVALID_ARGUMENT", "NAME_EMPTY", "text"),
        ("ResolverService/Suggest", {"text": "a", "limit": 51}, "INVALID_ARGUMENT", "INVALID_FIELD", "limit"),
        ("ResolverService/Transliterate", {"text": "김", "scheme": "x"}, "INVALID_ARGUMENT", "UNKNOWN_SCHEME", "scheme"),
        ("EntityService/GetEntity", {"id": "ent-0123456789x"}, "INVALID_ARGUMENT", "INVALID_FIELD", "id"),
        ("EntityService/GetEntity", {"id": "sample:nobody"}, "NOT_FOUND", "ENTITY_NOT_FOUND", None),
        ("EntityService/ListEntities", {"page_size": -1}, "INVALID_ARGUMENT", "INVALID_FIELD", "page_size"),
        ("DatasetService/GetDataset", {"name": "nobody"}, "NOT_FOUND", "DATASET_NOT_FOUND", None),
        ("DatasetService/ReloadDataset", {}, "FAILED_PRECONDITION", "READ_ONLY", None),
    ],
)
def test_errors_name_reason_and_field(client, method, request_, code, reason, field):
    with pytest.raises(grpc.RpcError) as caught:
        client.call(method, request_)
    assert caught.value.code().name == code
    details = details_of(caught.value)
    assert (details["ErrorInfo"].reason, details["ErrorInfo"].domain) == (reason, "exonym")
    if field:
        assert details["BadRequest"].field_violations[0].field == field
    info = client.call("ServerService/GetServerInfo")
    assert {"reason": reason, "code": code} in [
        {"reason": known["reason"], "code": known["code"]} for known in info["error_reasons"]
    ]


def test_entities_are_found_by_every_id_and_listed_by_pages(client):
    seen, token = [], ""
    while True:
        answer = client.call("EntityService/ListEntities", {"page_size": 100, "page_token": token})
        seen += [entity["entity_id"] for entity in answer["entities"]]
        token = answer.get("next_page_token", "")
        if not token:
            break
    assert len(seen) >= 200 and seen == sorted(set(seen))
    by_record = client.call("EntityService/GetEntity", {"id": MOKRAN})["entity"]
    assert client.call("EntityService/GetEntity", {"id": by_record["entity_id"]})["entity"] == by_record
    assert by_record["caption"] == "Mokran LLC"


def test_names_are_analysed_and_written_by_standards(client):
    answer = client.call("ResolverService/AnalyzeName", {"name": {"text": "김정은"}})
    best = answer["hypotheses"][0]
    assert [(part["text"], part["role"]) for part in best["parts"]] == [
        ("김", "PART_ROLE_SURNAME"),
        ("정은", "PART_ROLE_GIVEN"),
    ]
    assert answer["script"] == "SCRIPT_HANGUL"
    answer = client.call("ResolverService/Transliterate", {"text": "서울", "scheme": "rr"})
    assert answer["text"].lower() == "seoul"
    schemes = {scheme["name"] for scheme in client.call("ResolverService/ListSchemes")["schemes"]}
    assert {"rr", "mr", "kontsevich", "bgn-pcgn", "icao9303"} <= schemes


@pytest.mark.parametrize("text", ["김정", "ким чен", "kim jo", "jong un ki", "金正恩"])
def test_who_types_is_offered_the_same_party_in_every_script(client, text):
    answer = client.call("ResolverService/Suggest", {"text": text})
    assert KIM in [party["record_id"] for party in answer["suggestions"]]
    assert answer["version"]["index_version"]


def test_suggestions_are_bounded(client):
    assert len(client.call("ResolverService/Suggest", {"text": "k", "limit": 3})["suggestions"]) == 3
    assert client.call("ResolverService/Suggest", {"text": "kim xyzzyq"}).get("suggestions", []) == []


def test_parties_are_compared_without_a_list(client):
    def compare(left, right):
        return client.call(
            "ResolverService/Compare",
            {"left": {"names": [{"text": left}]}, "right": {"names": [{"text": right}]}},
        )

    same = compare("김정은", "Kim Jong Un")
    other = compare("김정은", "Kim Jong Il")
    assert same["score"] > other["score"] + 3
    assert abs(sum(piece["weight"] for piece in same["evidence"]) - same["score"]) < 1e-9


def test_compressed_messages_are_taken(server):
    client = Client(server.address, compression=grpc.Compression.Gzip)
    assert client.call("ResolverService/Resolve", resolve("Мокран"))["verdict"] == "VERDICT_MATCH"


def test_the_server_stops_when_told(start):
    server = start()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=40) == 0


def test_names_stay_out_of_the_log(start):
    server = start()
    marker = "Zxqvmarker Unmistakable"
    Client(server.address).call("ResolverService/Resolve", resolve(marker))
    server.stop()
    assert not any("zxqvmarker" in line.lower() for line in server.lines), server.lines


def test_health_has_an_exit_code(program, start):
    server = start()
    url = f"http://{server.address}"
    assert subprocess.run([program, "health", "--server", url], capture_output=True).returncode == 0
    server.stop()
    assert subprocess.run([program, "health", "--server", url], capture_output=True).returncode != 0


def test_a_port_in_use_is_told_in_one_sentence(program, server):
    again = subprocess.run([program, "serve", "--listen", server.address], capture_output=True, text=True, timeout=60)
    assert again.returncode != 0
    assert "in use" in again.stderr and len(again.stderr.strip().splitlines()) <= 3, again.stderr
