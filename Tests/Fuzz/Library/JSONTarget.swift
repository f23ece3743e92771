internal import GerbangJSON

/// The JSON reader: what it takes comes back equal from every way of writing.
package struct JSONTarget: FuzzTarget {
    package let name = "json"

    package init() {}

    private static let seeds: [[UInt8]] = [
        #"{"nik":3174015708900003,"name":"SITI CONTOH","tags":["a",null,true,false],"amount":1500000.10}"#,
        #"[{"a":{"b":[[],{},""]}},-0,1E400,1.5e-7,"\u00e9\ud83d\ude00\n\\\"","é€😀"]"#,
        "  {\n\t\"empty\" : { } , \"list\" : [ ] , \"text\" : \"x\" }\r\n",
        "{" + (0..<20).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}",
        "\u{FEFF}[0.0, -1e-999, 12345678901234567890123456789]",
    ].map { Array($0.utf8) }

    private static let mutation = Mutation(pieces: [
        "\"", "\\", "{", "}", "[", "]", ":", ",", "-", "+", ".", "e", "E", "0", "1", "9", "u", "null", "true", "\u{0}",
        "\t",
        "\\u0000", "\\ud800", "\\udfff", "é", "😀", "{\"a\":", "[[", "1e999", "\"a\":1,\"a\":2",
    ])

    package func input(_ random: inout SplitMix64) -> [UInt8] {
        Self.mutation.mutate(Self.seeds.randomElement(using: &random) ?? [], &random)
    }

    package func run(_ input: [UInt8]) throws -> Bool {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: input)
        } catch {
            guard error.offset >= 0, error.offset <= input.count, error.line >= 1, error.column >= 1 else {
                throw Finding("an error outside of the text: \(error)")
            }
            return false
        }
        for format in [JSONValue.Format.compact, .pretty, .canonical] {
            guard try JSONValue(parsing: value.encoded(format)) == value else {
                throw Finding("written and read again, the value differs")
            }
        }
        return true
    }
}
