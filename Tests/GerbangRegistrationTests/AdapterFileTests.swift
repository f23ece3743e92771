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
}
