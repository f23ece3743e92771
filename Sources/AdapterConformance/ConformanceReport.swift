public import GerbangCore
public import GerbangJSON

/// What came of one check.
public struct ConformanceResult: Sendable, Hashable {
    /// How it ended.
    public enum Outcome: Sendable, Hashable {
        /// As it must be.
        case passed
        /// Otherwise than it must be.
        case failed(expected: String, seen: String)
        /// Otherwise than the check demands, for a reason that the adapter's author gives.
        case deviates(reason: String, seen: String)
        /// Not tried.
        case skipped(reason: String)
    }

    /// The check.
    public var check: ConformanceCheck
    /// The operation; `nil` for a check of the whole adapter.
    public var operation: OperationID?
    /// The operation whose doubt it settles, when it was driven as an inquiry.
    public var about: OperationID?
    /// How it ended.
    public var outcome: Outcome

    /// Creates a result.
    public init(
        _ check: ConformanceCheck,
        operation: OperationID? = nil,
        about: OperationID? = nil,
        _ outcome: Outcome
    ) {
        self.check = check
        self.operation = operation
        self.about = about
        self.outcome = outcome
    }

    /// The operation, and what it asks about; `nil` for a check of the whole adapter.
    public var subject: String? {
        operation.map { operation in about.map { "\(operation) about \($0)" } ?? operation.text }
    }

    /// Whether the adapter must be mended.
    public var isFailure: Bool {
        if case .failed = outcome { true } else { false }
    }

    /// The word for the outcome.
    public var word: String {
        switch outcome {
        case .passed: "passed"
        case .failed: "failed"
        case .deviates: "deviates"
        case .skipped: "skipped"
        }
    }

    /// What there is to say beyond the word; `nil` when it passed.
    public var detail: String? {
        switch outcome {
        case .passed: nil
        case .failed(let expected, let seen): "expected \(expected); seen: \(seen)"
        case .deviates(let reason, let seen): "\(reason) (seen: \(seen))"
        case .skipped(let reason): reason
        }
    }
}

/// What an adapter was found to do: for its author, and for whoever approves it.
public struct ConformanceReport: Sendable {
    /// The format of ``json``, described by `Schemas/conformance/report.schema.json`.
    public static let format = "gerbang-conformance/1"

    /// The adapter.
    public var adapter: AdapterID
    /// Its version.
    public var version: String
    /// The agency.
    public var agency: LocalizedText
    /// How it is packaged.
    public var packaging: ConformanceSubject.Packaging
    /// The SHA-256 of what was tested; see ``ConformanceSubject/contentHash``.
    public var contentHash: String
    /// When it was tested.
    public var testedAt: Timestamp
    /// The results, in the order of ``ConformanceCheck/all`` and of the operations.
    public var results: [ConformanceResult]

    /// Creates a report.
    public init(
        adapter: AdapterID,
        version: String,
        agency: LocalizedText,
        packaging: ConformanceSubject.Packaging,
        contentHash: String,
        testedAt: Timestamp,
        results: [ConformanceResult]
    ) {
        self.adapter = adapter
        self.version = version
        self.agency = agency
        self.packaging = packaging
        self.contentHash = contentHash
        self.testedAt = testedAt
        self.results = results
    }

    /// Whether nothing failed, and something passed.
    public var isPassed: Bool { failures.isEmpty && count(of: "passed") > 0 }

    /// The results that say that the adapter must be mended.
    public var failures: [ConformanceResult] { results.filter(\.isFailure) }

    /// How many results have this word: `passed`, `failed`, `deviates` or `skipped`.
    public func count(of word: String) -> Int { results.count { $0.word == word } }

    /// The tally in one line.
    public var summary: String {
        let words = ["passed", "failed", "deviates", "skipped"]
        return words.map { "\(count(of: $0)) \($0)" }.joined(separator: ", ")
    }

    /// The report as JSON.
    public var json: JSONValue {
        var tally = JSONObject()
        for word in ["passed", "failed", "deviates", "skipped"] { tally[word] = .number(JSONNumber(count(of: word))) }
        return [
            "format": .string(Self.format),
            "adapter": [
                "id": .string(adapter.text), "version": .string(version), "agency": agency.json,
                "packaging": .string(packaging.rawValue),
                "sha256": .string(contentHash),
            ],
            "testedAt": .string(testedAt.description),
            "isPassed": .bool(isPassed),
            "tally": .object(tally),
            "results": .array(results.map(\.json)),
        ]
    }

    /// The report as a page that an agency can attach to its application.
    public var markdown: String {
        var lines = [
            "# Conformance of \(Self.cell(adapter.text)) \(Self.cell(version))", "",
            "| | |", "| --- | --- |", "| agency | \(Self.cell(agency.english)) |",
            "| packaging | \(packaging.rawValue) |", "| SHA-256 | `\(contentHash)` |",
            "| tested at | \(testedAt) |", "| result | \(isPassed ? "passed" : "not passed"): \(summary) |", "",
        ]
        let remarkable = results.filter { $0.detail != nil }
        if !remarkable.isEmpty {
            lines += [
                "## What did not simply pass", "", "| check | operation | result | |", "| --- | --- | --- | --- |",
            ]
            lines += remarkable.map { result in
                let cells = [
                    "`\(result.check.name)`", result.subject ?? "", result.word,
                    result.detail ?? "",
                ]
                return "| \(cells.map(Self.cell).joined(separator: " | ")) |"
            }
            lines.append("")
        }
        lines += ["## All checks", "", "| check | meaning | passed | failed | deviates | skipped |"]
        lines.append("| --- | --- | --- | --- | --- | --- |")
        for check in ConformanceCheck.all {
            let own = results.filter { $0.check == check }
            guard !own.isEmpty else { continue }
            let counts = ["passed", "failed", "deviates", "skipped"].map { word in
                String(own.count { $0.word == word })
            }
            lines.append("| `\(check.name)` | \(check.meaning) | \(counts.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ").replacing("<", with: "&lt;")
    }
}

extension ConformanceResult {
    /// The result as JSON.
    public var json: JSONValue {
        var item: JSONObject = ["check": .string(check.name), "meaning": .string(check.meaning)]
        item["operation"] = operation.map { .string($0.text) }
        item["about"] = about.map { .string($0.text) }
        item["result"] = .string(word)
        switch outcome {
        case .passed: break
        case .failed(let expected, let seen):
            item["expected"] = .string(expected)
            item["seen"] = .string(seen)
        case .deviates(let reason, let seen):
            item["reason"] = .string(reason)
            item["seen"] = .string(seen)
        case .skipped(let reason): item["reason"] = .string(reason)
        }
        return .object(item)
    }
}
