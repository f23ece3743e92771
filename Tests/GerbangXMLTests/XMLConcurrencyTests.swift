import GerbangXML
import Testing

@Suite("XML in parallel")
struct XMLConcurrencyTests {
    @Test("Many tasks read, search, validate, build schemas and canonicalise at once")
    func parallel() async throws {
        let schema = try XMLSchemaTests.vehicleSchema()
        let plate = try XPathExpression("/v:vehicle/v:plate", namespaces: ["v": "urn:v"])
        try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<16 {
                group.addTask {
                    var right = 0
                    for round in 0..<40 {
                        let number = "\(task * 40 + round)"
                        let document = try parse(XMLSchemaTests.vehicle(number, plate: "B \(round) T"))
                        let broken = try parse(XMLSchemaTests.vehicle(number, plate: "b", more: "<x/>"))
                        let shape = try schema.validate(document).isEmpty && schema.validate(broken).count == 2
                        let found = try document.root.string(at: plate) == "B \(round) T"
                        let signed = try document.canonical(.exclusive()).isEmpty == false
                        let refused = (try? parse("<a>&\(number);</a>")) == nil
                        if round % 20 == 0 { _ = try XMLSchemaTests.vehicleSchema() }
                        if shape && found && signed && refused { right += 1 }
                    }
                    return right
                }
            }
            var total = 0
            for try await right in group { total += right }
            #expect(total == 16 * 40)
        }
    }
}
