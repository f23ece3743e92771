/// What the names of an expression stand for: variables, types and functions, seen from a container.
struct Names: Sendable {
    /// A declared variable and its place among all of them.
    struct Variable: Sendable {
        let place: Int
        let type: TypeTerm
        /// What its value is when nobody binds one.
        var definition: Definition?
    }

    /// What a name, or the beginning of a chain of names, stands for.
    enum Meaning: Sendable {
        case variable(Variable)
        case type(CELTypeName)
    }

    /// The variables in the order of their places.
    private(set) var variables: [String]
    private var declared: [String: Variable]
    private let containers: [String]
    private let features: CELFeatures

    init(variables: [String: CELType], container: String, features: CELFeatures) {
        self.variables = variables.keys.sorted()
        var declared: [String: Variable] = [:]
        for (place, name) in self.variables.enumerated() {
            declared[name] = Variable(place: place, type: variables[name]?.term ?? .dyn)
        }
        self.declared = declared
        self.features = features
        // A.B.name, A.name, name
        var containers: [String] = []
        var parts = container.split(separator: ".")
        while !parts.isEmpty {
            containers.append(parts.joined(separator: ".") + ".")
            parts.removeLast()
        }
        self.containers = containers + [""]
    }

    /// The variable called `name`.
    func variable(_ name: String) -> Variable? { declared[name] }

    /// Adds a variable behind all others; one that is declared already keeps its place and gets the new meaning.
    mutating func declare(_ name: String, _ type: TypeTerm, _ definition: Definition? = nil) {
        let place = declared[name]?.place ?? variables.count
        if place == variables.count { variables.append(name) }
        declared[name] = Variable(place: place, type: type, definition: definition)
    }

    /// Everything that the longest resolvable prefixes of a chain of names stand for, the longest first, with the number of
    /// names that each takes up.
    func meanings(of chain: [String], isAbsolute: Bool) -> [(meaning: Meaning, length: Int)] {
        var found: [(Meaning, Int)] = []
        for length in stride(from: chain.count, through: 1, by: -1) {
            let name = length == 1 ? chain[0] : chain[..<length].joined(separator: ".")
            for container in isAbsolute ? [""] : containers {
                let full = container.isEmpty ? name : container + name
                if let variable = declared[full] {
                    found.append((.variable(variable), length))
                } else if let type = Self.types[full], isAvailable(type) {
                    found.append((.type(type), length))
                }
            }
        }
        return found
    }

    /// The functions that a call may mean, by the names to look for.
    func functionNames(_ name: String, isAbsolute: Bool) -> [String] {
        isAbsolute ? [name] : containers.map { $0 + name }
    }

    /// A few of the declared variables, for messages.
    var hint: String {
        guard !variables.isEmpty else { return "no variables are declared" }
        let shown = variables.sorted().prefix(6).joined(separator: ", ")
        return "declared are \(shown)\(variables.count > 6 ? ", …" : "")"
    }

    private func isAvailable(_ type: CELTypeName) -> Bool {
        switch type {
        case .optional: features.contains(.optionals)
        case .address, .network: features.contains(.network)
        default: true
        }
    }

    private static let types: [String: CELTypeName] = {
        let all: [CELTypeName] = [
            .null, .bool, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type, .optional,
            .address, .network, .dyn,
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()
}

extension Expression {
    /// The names of `a.b.c`, and whether a dot stands before them; nil for anything but plain selections from a name.
    var chain: (names: [String], isAbsolute: Bool)? {
        var names: [String] = []
        var expression = self
        while names.isEmpty || !expression.isParenthesized {
            switch expression.kind {
            case .name(let name, let isAbsolute):
                names.append(name)
                return (names.reversed(), isAbsolute)
            case .select(let operand, let field, .plain):
                names.append(field)
                expression = operand
            default: return nil
            }
        }
        return nil
    }
}
