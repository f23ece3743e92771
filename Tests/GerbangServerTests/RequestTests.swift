internal import GerbangCore
internal import GerbangJSON
internal import GerbangServer
internal import Testing

@Suite("Requests over HTTP")
struct RequestTests {
    @Test("A request is shown in the language asked for")
    func languages() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a", ["Prefer": "wait=10"]).id
            let indonesian = try await client.get("/v1/requests/\(id)")
            #expect(indonesian["Content-Language"] == "id")
            #expect(indonesian.json["message"] == "Permohonan Anda selesai dan hasilnya sudah tersedia.")
            let english = try await client.get("/v1/requests/\(id)", ["Accept-Language": "fr, en-GB;q=0.8, id;q=0.5"])
            #expect(english["Content-Language"] == "en")
            #expect(english.json["message"] == "Your request is done and its result is available.")
        }
    }

    @Test("Waiting for a request returns when it ends")
    func longPoll() async throws {
        try await withGateway(.pend) { gateway in
            let client = try gateway.client()
            let id = try await client.submit(Sample.booking, key: "a").id
            _ = try await client.await(id, in: .awaitingAgency)
            let paused = try await client.post("/v1/connections/dukcapil/pause")
            #expect(paused.status == 200)
            let other = try await client.submit(key: "b").id
            async let shown = client.get("/v1/requests/\(other)?wait=30")
            let cancelled = try await client.post("/v1/requests/\(other)/cancel")
            #expect(cancelled.json["state"] == "cancelled")
            #expect(try await shown.json["state"] == "cancelled")
        }
    }

    @Test(
        "An identifier that is unknown or malformed is answered with 404",
        arguments: ["x", "019a2f6e-8c1d-7b3a-9f10-2c4d5e6f7081"]
    )
    func unknownRequest(id: String) async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            for path in ["/v1/requests/\(id)", "/v1/requests/\(id)/events"] {
                let reply = try await client.get(path)
                #expect(reply.status == 404)
                #expect(reply.code == "not-found")
            }
            for verb in ["cancel", "redrive", "discard"] {
                let reply = try await client.post("/v1/requests/\(id)/\(verb)")
                #expect(reply.status == 404)
            }
            let resolved = try await client.post("/v1/requests/\(id)/resolve", body: ["as": "notDone"])
            #expect(resolved.status == 404)
        }
    }

    @Test("The history comes in order, also in parts")
    func history() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            let id = try await client.submit(key: "a", ["Prefer": "wait=10"]).id
            let events = try await client.get("/v1/requests/\(id)/events").json["items"]?.arrayValue ?? []
            #expect(events.compactMap { $0["kind"]?.stringValue } == ["accepted", "sending", "succeeded"])
            #expect(events.compactMap { $0["sequence"]?.intValue } == [1, 2, 3])
            let rest = try await client.get("/v1/requests/\(id)/events?after=2").json["items"]?.arrayValue ?? []
            #expect(rest.compactMap { $0["sequence"]?.intValue } == [3])
        }
    }

    @Test("A list comes in pages, newest first, without the agency's answers")
    func paging() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            var ids: [String] = []
            for number in 1...5 { ids.append(try await client.submit(key: "\(number)", ["Prefer": "wait=10"]).id) }
            var found: [String] = []
            var path = "/v1/requests?limit=2"
            var pages = 0
            while pages < 10 {
                let page = try await client.get(path).json
                pages += 1
                let items = page["items"]?.arrayValue ?? []
                #expect(items.allSatisfy { $0["output"] == nil })
                found += items.compactMap { $0["id"]?.stringValue }
                guard let cursor = page["nextCursor"]?.stringValue else { break }
                path = "/v1/requests?limit=2&cursor=\(cursor)"
            }
            #expect(pages == 3)
            #expect(found == ids.sorted().reversed())
        }
    }

    @Test("A list can be filtered")
    func filters() async throws {
        try await withGateway(.reject) { gateway in
            let client = try gateway.client()
            let rejected = try await client.submit(Sample.booking, key: "a", ["Prefer": "wait=10"]).id
            gateway.agency.behave(.fail)
            let failed = try await client.submit(key: "b", ["Prefer": "wait=10"]).id
            let queries: [(String, Set<String>)] = [
                ("", [rejected, failed]), ("state=rejected", [rejected]),
                ("state=rejected,failed", [rejected, failed]),
                ("state=rejected&state=failed", [rejected, failed]), ("state=queued", []),
                ("service=transport.inspection.book", [rejected]), ("connection=dukcapil", [failed]),
                ("deadLetter=true", [failed]), ("deadLetter=false", [rejected, failed]),
                ("client=local", [rejected, failed]),
                ("client=other", []), ("state=rejected&connection=dukcapil", []),
            ]
            for (query, expected) in queries {
                let items = try await client.get("/v1/requests?\(query)").json["items"]?.arrayValue ?? []
                #expect(Set(items.compactMap { $0["id"]?.stringValue }) == expected, "\(query)")
            }
        }
    }
}

@Suite("Commands over HTTP")
struct CommandTests {
    @Test("A request that waits can be cancelled, and one that has ended cannot")
    func cancel() async throws {
        try await withGateway { gateway in
            let client = try gateway.client(named: "kota-a")
            let staff = try gateway.client(named: "ani", .operator)
            _ = try await staff.post("/v1/connections/dukcapil/pause")
            let id = try await client.submit(key: "a").id
            let waiting = try await client.get("/v1/requests/\(id)")
            #expect(waiting.json["reason"] == "paused")
            let cancelled = try await client.post("/v1/requests/\(id)/cancel")
            #expect(cancelled.status == 200)
            #expect(cancelled.json["state"] == "cancelled")
            let events = try await client.get("/v1/requests/\(id)/events").json["items"]?.arrayValue ?? []
            #expect(events.last?["actor"] == "client:kota-a")
            _ = try await staff.post("/v1/connections/dukcapil/resume")
            let done = try await client.submit(key: "b", ["Prefer": "wait=10"]).id
            let refused = try await client.post("/v1/requests/\(done)/cancel")
            #expect(refused.status == 409)
            #expect(refused.code == "conflict")
        }
    }

    @Test("A failed request can be redriven or discarded by an operator")
    func redriveAndDiscard() async throws {
        try await withGateway(.fail) { gateway in
            let client = try gateway.client()
            let first = try await client.submit(key: "a", ["Prefer": "wait=10"]).id
            let second = try await client.submit(key: "b", ["Prefer": "wait=10"]).id
            gateway.agency.behave(.succeed(["matches": true, "elements": [:]]))
            let redriven = try await client.post("/v1/requests/\(first)/redrive")
            #expect(redriven.status == 200)
            #expect(redriven.json["isDeadLetter"] == false)
            _ = try await client.await(first, in: .succeeded)
            let again = try await client.post("/v1/requests/\(first)/redrive")
            #expect(again.status == 409)
            let discarded = try await client.post("/v1/requests/\(second)/discard")
            #expect(discarded.status == 200)
            #expect(discarded.json["state"] == "failed")
            #expect(discarded.json["isDeadLetter"] == false)
            let twice = try await client.post("/v1/requests/\(second)/discard")
            #expect(twice.status == 409)
        }
    }

    @Test("A request in doubt is settled by an operator's word")
    func resolve() async throws {
        try await withGateway(.lose) { gateway in
            let client = try gateway.client()
            var ids: [String] = []
            for number in 1...3 {
                let id = try await client.submit(Sample.booking, key: "\(number)").id
                _ = try await client.await(id, in: .inDoubt)
                ids.append(id)
            }
            gateway.agency.behave(.succeed(["bookingNumber": "K-1"]))
            let wrong: JSONValue = ["as": "done", "output": ["bookingNumber": "K-7"]]
            let refused = try await client.post("/v1/requests/\(ids[0])/resolve", body: wrong)
            #expect(refused.status == 422 && refused.json["field"] == "/output")
            #expect(refused.json["detail"]?.stringValue?.contains("date") == true)
            let output: JSONValue = ["bookingNumber": "K-7", "date": "2026-02-01", "station": "JKT-01"]
            let words: JSONValue = ["as": "done", "output": output, "agencyReference": "UJI-7"]
            let done = try await client.post("/v1/requests/\(ids[0])/resolve", body: words)
            #expect(done.json["state"] == "succeeded")
            #expect(done.json["output"]?["bookingNumber"] == "K-7")
            #expect(done.json["agencyReference"] == "UJI-7")
            let notDone = try await client.post("/v1/requests/\(ids[1])/resolve", body: ["as": "notDone"])
            #expect(notDone.json["state"] == "failed")
            let resent = try await client.post("/v1/requests/\(ids[2])/resolve", body: ["as": "resend"])
            #expect(resent.status == 200)
            #expect(try await client.await(ids[2], in: .succeeded)["output"]?["bookingNumber"] == "K-1")
            let late = try await client.post("/v1/requests/\(ids[0])/resolve", body: ["as": "notDone"])
            #expect(late.status == 409)
        }
    }

    @Test(
        "A resolution must be one",
        arguments: [
            ([:], "/as"), (["as": "perhaps"], "/as"), (["as": 1], "/as"), (["as": "notDone", "output": 1], "/output"),
            (["as": "done", "agencyReference": ""], "/agencyReference"), (["as": "done", "why": "x"], "/*"),
        ] as [(JSONValue, String)]
    )
    func badResolution(body: JSONValue, field: String) async throws {
        try await withGateway { gateway in
            let path = "/v1/requests/019a2f6e-8c1d-7b3a-9f10-2c4d5e6f7081/resolve"
            let reply = try await gateway.client().post(path, body: body)
            #expect(reply.status == 422)
            #expect(reply.json["field"]?.stringValue == field)
            if body == [:] { #expect(reply.json["detail"] == "is required: done, notDone or resend") }
        }
    }
}
