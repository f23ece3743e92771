internal import GerbangJSON
internal import Testing

@Suite("Damaged documents")
struct MutationTests {
    private static let seeds: [String] = [
        #"{"nik":3174015708900003,"name":"SITI CONTOH","tags":["a",null,true,false],"amount":1500000.10}"#,
        #"[{"a":{"b":[[],{},""]}},-0,1E400,1.5e-7,"\u00e9\ud83d\ude00\n\\\"","é€😀"]"#,
        "  {\n\t\"empty\" : { } , \"list\" : [ ] , \"text\" : \"x\" }\r\n",
        "{" + (0..<20).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}",
    ]
    private static let bytes: [UInt8] =
        Array("\"\\{}[]:,-+.eE019utfn/ \n\u{0}".utf8) + [0x1F, 0x80, 0xC0, 0xED, 0xF4, 0xFF]

    @Test("damage never crashes the parser, and what still parses comes back equal", arguments: seeds.indices)
    func mutations(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let original = Array(MutationTests.seeds[seed].utf8)
        var parsed = 0
        for _ in 0..<2_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, using: &random) }
            do throws(JSONError) {
                let value = try JSONValue(parsing: bytes)
                parsed += 1
                for format in [JSONValue.Format.compact, .pretty, .canonical] {
                    #expect(try JSONValue(parsing: value.encoded(format)) == value)
                }
            } catch {
                #expect(error.offset >= 0 && error.offset <= bytes.count && error.line >= 1 && error.column >= 1)
            }
        }
        #expect(parsed > 0 && parsed < 2_000)
    }

    private func mutate(_ bytes: inout [UInt8], using random: inout SplitMix64) {
        guard let position = bytes.indices.randomElement(using: &random) else { return }
        let byte = MutationTests.bytes.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[position] = byte
        case 1: bytes.insert(byte, at: position)
        case 2: bytes.remove(at: position)
        case 3: bytes.removeSubrange(position..<min(bytes.count, position + Int.random(in: 1...8, using: &random)))
        default: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
    }

    @Test("every beginning of a document is refused")
    func truncations() {
        for document in MutationTests.seeds {
            let bytes = Array(document.utf8)
            let last = bytes.lastIndex { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") } ?? 0
            for length in 0..<last {
                #expect(throws: JSONError.self) { try JSONValue(parsing: Array(bytes[..<length])) }
            }
        }
    }
}
