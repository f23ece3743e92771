internal import GerbangCore
internal import GerbangEngine
internal import Testing

@testable internal import GerbangRegistration

/// What a file of an adapter may bring along.
@Suite
struct AdapterFileTests {
    private func manifest(services: String) -> String {
        """
        manifest: 1
        id: water
        version: 1.0.0
        agency: {id: Air Contoh, en: Example Water}
        services: [\(services)]
        operations:
          bill:
            provides: water.bill.lookup
            effect: query
            request: {path: /bill}
            response: {verdict: [{succeeded: {output: {}}}]}
        """
    }

    @Test func aManifestMayBringAServiceThatTheCatalogueDoesNotHave() throws {
        let service = """
            {id: water.bill.lookup, title: {id: A, en: A}, summary: {id: A., en: A.}, standardTime: 1d, legalBasis: A, \
            input: {type: object}, output: {type: object}}
            """
        let file = try AdapterFile(manifest(services: service), kind: .manifest, catalogue: .builtin())
        #expect(file.descriptor.operations.first?.service?.text == "water.bill.lookup")
    }

    /// The name is that of a file which is there, beside whoever runs the tests.
    @Test func aManifestReadsNoFilesOfTheGateways() throws {
        let catalogue = try ServiceCatalogue.builtin()
        let error = #expect(throws: GerbangError.self) {
            try AdapterFile(
                manifest(services: "Schemas/services/health.encounter.register.json"),
                kind: .manifest,
                catalogue: catalogue
            )
        }
        #expect(error?.code == .invalidInput && error?.message.contains("no such file") == true)
        let stranger = #expect(throws: GerbangError.self) {
            try AdapterFile(manifest(services: ""), kind: .manifest, catalogue: catalogue)
        }
        #expect(stranger?.message.contains("describe it in the manifest's 'services'") == true)
    }

    @Test func theFirstVersionShowsEverythingThatAnOperatorMustJudge() throws {
        let text = """
            manifest: 1
            id: water
            version: 1.0.0
            agency: {id: Air Contoh, en: Example Water}
            contact: adapter@air.example
            settings:
              required: [clientSecret]
              properties:
                clientSecret: {type: string, secret: true}
                tokenURL: {type: string, default: "https://login.air.example/token"}
            authentication:
              - oauth2: {tokenURL: "${config.tokenURL}", clientID: a, clientSecret: "${secret.clientSecret}"}
            services:
              - {id: water.bill.lookup, title: {id: Tagihan, en: Bill}, summary: {id: A., en: A.}, standardTime: 1d,
                 legalBasis: A, input: {type: object, properties: {nik: {}}}, output: {type: object, properties: {total: {}}}}
            operations:
              bill:
                provides: water.bill.lookup
                effect: query
                maximumAttempts: 1
                sensitive: [/nik]
                request: {path: /bill}
                response: {verdict: [{succeeded: {output: {}}}]}
            deviations: [{check: privacy.target, operation: bill, reason: No other way.}]
            """
        let file = try AdapterFile(text, kind: .manifest, catalogue: .builtin())
        let diff = AdapterDiff(from: nil, to: (file, text))
        #expect(
            diff.facts == [
                "+ operation bill: provides water.bill.lookup, query, at most 1 attempt, 30 s",
                "+ support: experimental", "+ contact: adapter@air.example",
                "+ brings the service water.bill.lookup: Bill; takes nik, gives total",
                "+ secret clientSecret: required", "+ setting tokenURL: default \"https://login.air.example/token\"",
                "+ authentication: oauth2", "+ names the host: login.air.example",
                "+ operation bill: personal data at /nik",
                "+ deviates from privacy.target of bill: No other way.",
            ]
        )
        let next = text.replacing("version: 1.0.0", with: "version: 1.1.0").replacing("login.air", with: "other.air")
        let later = AdapterDiff(
            from: (file, text),
            to: (try AdapterFile(next, kind: .manifest, catalogue: .builtin()), next)
        )
        #expect(later.facts.contains("- names the host: login.air.example"))
        #expect(later.facts.contains("+ names the host: other.air.example"))
    }
}
