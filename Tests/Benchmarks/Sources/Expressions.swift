internal import Foundation
internal import GerbangExpression
internal import GerbangJSON
internal import GerbangTesting

extension Suite {
    /// Compiling and evaluating expressions beside two other implementations of CEL.
    func cel() async throws {
        table.heading(
            "cel: eleven expressions, beside cel-python and the Rust-backed common-expression-language from PyPI"
        )
        let peers = try await ExpressionPeers.measure(seconds: options.isQuick ? 0.05 : 0.3)
        let bindings = ExpressionSamples.bindings
        let environment = CELEnvironment(variables: bindings.mapValues { _ in .dyn })
        var own: [(compile: Double, evaluate: Double)] = []
        for source in ExpressionSamples.sources {
            let program = try environment.compile(source)
            guard try program.evaluate(bindings) == .bool(true) else { throw BenchmarkError("not true: \(source)") }
            let compile = try measure { _ = try environment.compile(source) }
            let evaluate = try measure { _ = try program.evaluate(bindings) }
            own.append((compile, evaluate))
            let name = source.count > 50 ? source.prefix(49) + "…" : source[...]
            let rust = peers.rust?[own.count - 1]
            table.row(
                "evaluate \(name)",
                evaluate,
                .nanoseconds,
                baseline: rust.map { ("common-expression-language", $0.evaluate) }
            )
        }
        for (name, times, aim) in [
            ("cel-python", peers.python, Aim.below(1.0 / 50)), ("common-expression-language", peers.rust, Aim.below(2)),
        ] {
            guard let times else {
                table.note("\(name): PyPI is out of reach, nothing to compare with")
                continue
            }
            let pairs = zip(own, times).compactMap { own, other in other.map { (own, $0) } }
            let parts: [(String, [Double])] = [
                ("compile", pairs.map { $0.0.compile / $0.1.compile }),
                ("evaluate", pairs.map { $0.0.evaluate / $0.1.evaluate }),
            ]
            for (part, ratios) in parts {
                let mean = exp(ratios.map { log($0) }.reduce(0, +) / Double(ratios.count))
                let worst = ratios.max() ?? .nan
                table.row("\(part), time against \(name), geometric mean of \(ratios.count)", mean, .share, aim: aim)
                table.row("  the worst of them", worst, .share)
            }
        }
    }
}

/// What is compared: every expression comes to true.
private enum ExpressionSamples {
    static let context: JSONValue = [
        "status": 200,
        "body": [
            "code": "01", "name": "SITI CONTOH",
            "items": [["amount": 100, "name": "a"], ["amount": 250, "name": "b"], ["amount": 40, "name": "c"]],
        ],
        "input": ["plate": "B 1234 XYZ", "nik": "3174015708900003"],
    ]

    static let bindings: [String: CELValue] = Dictionary(
        uniqueKeysWithValues: (context.objectValue ?? [:]).map { ($0.key, CELValue($0.value)) }
    )

    static let sources = [
        #"status >= 200 && status < 300"#, #"body.code == "01" && has(body.name)"#,
        #"body.items.exists(i, i.amount > 200)"#,
        #"body.items.filter(i, i.amount > 50).map(i, i.name) == ["a", "b"]"#, #"input.nik.matches("^[0-9]{16}$")"#,
        #"size(input.plate) > 3 && input.plate.startsWith("B ") && input.plate.endsWith("XYZ")"#,
        #"status + 2 * 3 - 4 / 2 == 204 && status % 3 == 2"#,
        #"{"a": status, "b": [1, 2, 3]}.b[2] == 3 && "a" in {"a": status}"#,
        #"(body.code == "01" ? "found" : body.code == "13" ? "none" : "odd") == "found""#,
        #"timestamp("2026-01-05T08:30:00Z") + duration("1h30m") == timestamp("2026-01-05T10:00:00Z")"#,
        #"body.items.all(i, i.amount > 0 && i.name in ["a", "b", "c"]) && !body.items.exists(i, i.amount == 0)"#,
    ]
}

/// The times of the others, in nanoseconds; nil for what one of them cannot do.
private struct ExpressionPeers {
    typealias Times = [(compile: Double, evaluate: Double)?]

    var python: Times?
    var rust: Times?

    /// Measures in a Python environment of its own.
    static func measure(seconds: Double) async throws -> ExpressionPeers {
        guard let python = await PythonEnvironment.shared(PythonEnvironment.expressions) else {
            return ExpressionPeers()
        }
        let task: JSONValue = [
            "seconds": .number(JSONNumber(seconds) ?? 1), "bindings": ExpressionSamples.context,
            "expressions": .array(ExpressionSamples.sources.map { .string($0) }),
        ]
        guard let output = await python.run("Tests/Peers/cel/measure.py", input: task.text()) else {
            throw BenchmarkError("the script of the peers failed")
        }
        let json = try JSONValue(parsing: Array(output.utf8))
        return ExpressionPeers(python: times(json["cel-python"]), rust: times(json["common-expression-language"]))
    }

    private static func times(_ json: JSONValue?) -> Times? {
        json?.arrayValue?.map { item in
            guard let compile = item[0]?.numberValue?.double, let evaluate = item[1]?.numberValue?.double else {
                return nil
            }
            return (compile, evaluate)
        }
    }
}
