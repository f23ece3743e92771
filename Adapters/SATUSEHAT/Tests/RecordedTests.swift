internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema
internal import Testing

@Suite("Recorded answers")
struct RecordedTests {
    @Test("every recorded answer is read as its file says", arguments: Support.cases)
    func recorded(file: String) throws {
        let recorded = try RecordedCase(file)
        let (fixture, call) = (recorded.fixture, recorded.call)
        let exchange = try Support.exchange(recorded.body, status: recorded.status, for: call)
        let error: GerbangError?
        if call.operation.id == Support.findEncounter {
            let finding = try Support.adapter().assess(exchange, for: call)
            #expect(finding.name == fixture["finding"]?.stringValue)
            #expect(finding.output == fixture["output"])
            #expect(finding.reference == fixture["reference"]?.stringValue)
            error = finding.error
        } else {
            let verdict = try Support.adapter().classify(exchange, for: call)
            #expect(verdict.name == fixture["verdict"]?.stringValue)
            #expect(verdict.output == fixture["output"])
            #expect(verdict.reference == fixture["reference"]?.stringValue)
            error = verdict.error
        }
        #expect(error?.code.rawValue == fixture["error"]?.stringValue)
        #expect(error?.agencyCode == fixture["agencyCode"]?.stringValue)
        #expect(error?.field?.description == fixture["field"]?.stringValue)
    }

    @Test("there are recorded answers, and inputs and outputs fit the services' schemas")
    func schemas() throws {
        #expect(Support.cases.count > 80)
        let catalogue = try ServiceCatalogue.builtin()
        for file in Support.cases {
            let recorded = try RecordedCase(file)
            let service = try #require(catalogue[recorded.call.request.submission.service])
            #expect(try JSONSchema(service.input).validate(recorded.call.payload).isEmpty, "\(file)")
            guard let output = recorded.fixture["output"] else { continue }
            #expect(try JSONSchema(service.output).validate(output).isEmpty, "\(file)")
        }
    }

    @Test("no error repeats anything of the citizen")
    func privacy() throws {
        let secrets = [
            "9271060312000001", "3174015708900003", "P02478375538", "Ardianto", "Claudia", "Siti", "2024-01",
        ]
        for file in Support.cases {
            let recorded = try RecordedCase(file)
            let exchange = try Support.exchange(recorded.body, status: recorded.status, for: recorded.call)
            let adapter = try Support.adapter()
            let errors = [
                adapter.classify(exchange, for: recorded.call).error,
                adapter.assess(exchange, for: recorded.call).error,
            ]
            let text = errors.compactMap { $0?.json.text() }.joined()
            for secret in secrets { #expect(!text.contains(secret), "\(file)") }
        }
    }
}
