internal import FoundationEssentials
internal import GerbangJSON
internal import Testing

/// Test texts that nobody here wrote: `y_` must be accepted, `n_` refused, `i_` is free.
private enum Corpus {
    static let folder: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(4)
        return (parts + ["shared", "conformance", "json"]).joined(separator: "/")
    }()

    static let files: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".json") }.sorted()

    static func bytes(_ file: String) throws -> [UInt8] {
        let data = try #require(FileManager.default.contents(atPath: folder + "/" + file))
        return Array(data)
    }
}

@Suite("The public parser corpus", .enabled(if: !Corpus.files.isEmpty))
struct ConformanceTests {
    @Test("what must be accepted is, and comes back equal", arguments: Corpus.files.filter { $0.hasPrefix("y_") })
    func accepted(file: String) throws {
        let value = try JSONValue(parsing: Corpus.bytes(file))
        for format in [JSONValue.Format.compact, .pretty, .canonical] {
            #expect(try JSONValue(parsing: value.encoded(format)) == value)
        }
    }

    @Test(
        "what must be refused is, with a place inside the text",
        arguments: Corpus.files.filter { $0.hasPrefix("n_") }
    )
    func refused(file: String) throws {
        let bytes = try Corpus.bytes(file)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        let offset = try #require(error).offset
        #expect(offset >= 0 && offset <= bytes.count)
    }

    @Test("what is left open is refused or comes back equal", arguments: Corpus.files.filter { $0.hasPrefix("i_") })
    func open(file: String) throws {
        let bytes = try Corpus.bytes(file)
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            #expect(try JSONValue(parsing: value.encoded()) == value)
        } catch {
            #expect(error.offset <= bytes.count)
        }
    }
}
