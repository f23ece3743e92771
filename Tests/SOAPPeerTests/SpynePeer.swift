internal import ArgumentParser
internal import Foundation
internal import Gerbang
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@testable internal import gerbang

/// A service made with spyne, called through what `gerbang adapter from-wsdl` makes of its own description.
enum SpynePeer {
    static func check(_ environment: PythonEnvironment, version: String) async throws {
        let server = try #require(await environment.serve(Peers.script("spyne/contract.py"), [version]))
        defer { server.stop() }
        let folder = try TemporaryFolder()
        let base = "http://127.0.0.1:\(server.port)"
        try folder.write(await description(base), to: "vessels.wsdl")

        let command = try AdapterFromWSDLCommand.parse([
            folder.path("vessels.wsdl"), "--id", "kapal", "--query", "getFerry", "--query", "listVessels", "--query",
            "countSailings", "--mtom", "--output", folder.path("kapal"),
        ])
        try await command.run()
        try folder.write(
            """
            storage: {path: \(folder.path("gerbang.db"))}
            adapters: [kapal/adapter.yaml]
            connections:
              - {id: kapal, adapter: kapal, baseURL: "\(base)"}
            """,
            to: "gerbang.yaml"
        )
        let gateway = try Gateway(contentsOf: folder.path("gerbang.yaml"))
        try await running(gateway) { try await use(gateway) }
    }

    private static func description(_ base: String) async throws -> String {
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let outcome = await transport.send(OutboundRequest(method: .get, url: "\(base)/?wsdl"))
        guard case .answered(let response) = outcome, response.status == 200 else {
            throw GerbangError(.unreachable, "no description: \(outcome)")
        }
        return String(decoding: response.body, as: UTF8.self)
    }

    private static func ask(_ gateway: Gateway, _ service: String, _ key: String, _ payload: JSONValue) async throws
        -> RequestStatus
    {
        let submission = try Submission(ServiceID("kapal.\(service)"), in: "31.74", key: key, payload: payload)
        return try await gateway.submit(submission, waiting: .seconds(120)).status
    }

    private static func use(_ gateway: Gateway) async throws {
        // Inheritance: a type derived from another, with an array in it and a decimal to the digit.
        let ferry = try await ask(gateway, "get-ferry", "f-1", ["name": "KM Contoh"])
        let expected = try JSONValue(
            parsing: """
                {"getFerryResult": {"name": "KM Contoh", "grossTonnage": 1234.500, "built": "2011-05-17",
                 "ports": {"string": ["Merak", "Bakauheni"]}, "flags": ["ID"], "passengers": 800}}
                """
        )
        #expect(ferry.state == .succeeded, "\(String(describing: ferry.error))")
        #expect(ferry.output == expected)
        #expect(ferry.output?["getFerryResult"]?["grossTonnage"]?.text() == "1234.500")

        // A fault that the contract declares, which this library names by its code only.
        let unknown = try await ask(gateway, "get-ferry", "f-2", ["name": "KM Kecil"])
        #expect(unknown.state == .rejected, "\(unknown.state) \(String(describing: unknown.error))")
        #expect(unknown.error?.agencyCode == "Unknown")

        // Arrays both ways, and a derived type where its base is declared.
        let listed = try await ask(
            gateway,
            "list-vessels",
            "l-1",
            ["names": ["string": ["KM Kecil", "KM Contoh", "KM Lain"]]]
        )
        let vessels = listed.output?["listVesselsResult"]?["Vessel"]?.arrayValue
        #expect(vessels?.count == 2, "\(String(describing: listed.error))")
        #expect(vessels?.first?["flags"] == ["ID", "SG"])
        #expect(vessels?.last?["#type"]?.stringValue?.hasSuffix("Ferry") == true)
        #expect(vessels?.last?["passengers"] == 800)
        #expect(try await ask(gateway, "list-vessels", "l-2", [:]).state == .succeeded)

        // Not to be repeated, and never sent twice.
        let sailing = try JSONValue(
            parsing: """
                {"reference": "R-1", "leaves": "2026-03-01T07:30:00+07:00", "express": true,
                 "vessel": {"#type": "Ferry", "name": "KM Contoh", "grossTonnage": 1.5, "passengers": 3}}
                """
        )
        for _ in 0..<2 {
            let booked = try await ask(gateway, "register-sailing", "s-1", sailing)
            #expect(booked.state == .succeeded, "\(String(describing: booked.error))")
            #expect(booked.output?["number"] == 1)
            #expect(booked.output?["fee"]?.text() == "1500000.50")
        }
        let counted = try await ask(gateway, "count-sailings", "c-1", [:])
        #expect(counted.output == ["countSailingsResult": 1])

        // A file that travels beside the envelope, there and back.
        let file = [UInt8]((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        let stored = try await ask(
            gateway,
            "store-manifest",
            "m-1",
            ["name": "muatan", "file": .string(Base64.encode(file))]
        )
        #expect(stored.output?["size"] == 5000, "\(String(describing: stored.error))")
        #expect(stored.output?["file"]?.stringValue == Base64.encode(file.reversed()))

        // A failure of the service itself: nobody knows what it did.
        // It does not end by itself; the event comes at once.
        let submission = try Submission(ServiceID("kapal.fail"), in: "31.74", key: "x-1", payload: ["text": "a"])
        let failing = try await gateway.submit(submission)
        for try await event in gateway.events(of: failing.status.id) where event.state == .inDoubt { break }
        #expect(try await gateway.status(of: failing.status.id).state == .inDoubt)

        // What does not fit is refused before anything is sent.
        let error = await #expect(throws: GerbangError.self) {
            try await ask(gateway, "register-sailing", "s-2", ["reference": "R", "leaves": "tomorrow"])
        }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == "/payload/leaves")
        #expect(try await ask(gateway, "count-sailings", "c-2", [:]).output == ["countSailingsResult": 1])
    }
}
